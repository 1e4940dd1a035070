"""Transcripts of speech and logs of chats: who says what, and when."""
