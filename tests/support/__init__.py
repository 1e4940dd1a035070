"""What the tests are written with: libraries, servers, folders, conversations."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
