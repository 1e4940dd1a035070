"""What the documents are and who speaks in them, as lists."""
