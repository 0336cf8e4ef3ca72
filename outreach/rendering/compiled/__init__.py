"""Templates as what a mailing makes of them: bytes for all, and between them places for one recipient's values."""
