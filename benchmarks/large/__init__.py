"""Builds the database that the console must stay quick with."""
