"""The reading room: a web site and an API on the conversation that Telegram has, too."""
