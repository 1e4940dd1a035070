"""`onrecord doctor`: looks at all that a bot needs, and changes none of it."""
