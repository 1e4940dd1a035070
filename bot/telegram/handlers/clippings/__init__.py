"""The quotes that a chat keeps: listed, removed and exported."""
