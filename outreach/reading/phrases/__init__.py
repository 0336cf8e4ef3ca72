"""What people write, by language; a new language is a text file and a code here."""

from outreach.reading.phrases.vocabulary import Vocabulary, load

VOCABULARIES: tuple[Vocabulary, ...] = tuple(load(code) for code in ("en", "fr", "es", "de", "pt", "ar", "ru"))
"""Every language that people's mail is understood in."""
