"""Looks at what the workspace depends on, and changes nothing there; no look takes longer than it says."""
