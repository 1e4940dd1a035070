"""Puts misspelt words of a question right."""
