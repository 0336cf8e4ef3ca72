"""Outreach runs sign-on letters: from the first invitation to the official's answer."""
