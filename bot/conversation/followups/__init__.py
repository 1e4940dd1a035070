"""What a question leans on: the question before, and what its answer named."""
