"""Vectors and words in a Milvus server that several bots share."""
