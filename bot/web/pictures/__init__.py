"""Pictures of the pages of PDFs beside their text."""
