"""The bot as a process of its own, with a library that answers everything alike."""

import sys

from bot.conversation import Conversation
from bot.errors import BotError
from bot.settings import read_settings
from bot.telegram import run
from tests.bot.library import StubLibrary

if __name__ == "__main__":
    try:
        run(read_settings(), Conversation(StubLibrary()))
    except BotError as error:
        sys.exit(str(error))
