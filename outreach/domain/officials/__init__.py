"""Officials: posts and who holds them, the ways by which a letter reaches them, and what is known about a State."""

from outreach.domain.officials.ways import ON_PAPER, WAYS_OUT, Way

__all__ = ["ON_PAPER", "WAYS_OUT", "Way"]
