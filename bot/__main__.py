"""`python -m bot` is `onrecord`."""

from bot.cli import main

main()
