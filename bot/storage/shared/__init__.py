"""What several bots on one database share: whose turn a chat is, counts, changes."""
