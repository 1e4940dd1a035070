"""Quotes that are kept as files, with full citations: to read, and for reference managers."""
