"""What the tests are written with: libraries, servers, folders, conversations."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
"""How long a test waits for what has to come; far more than it takes, as a machine may be busy."""
