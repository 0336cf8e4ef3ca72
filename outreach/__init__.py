"""Outreach runs sign-on letters: from the first invitation to the official's answer."""

__version__ = "0.1.0"
