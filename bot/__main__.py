"""`python -m bot` is `onrecord`."""

from bot.cli.app import main

main()
