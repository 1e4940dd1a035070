"""Words and weights by which languages are told apart and read."""
