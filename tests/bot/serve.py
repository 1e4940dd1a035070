"""The bot as a process of its own, with a library that answers everything alike.

`python -m tests.bot.serve FOLDER [SECONDS]`: with a number of seconds an answer takes that long,
and quotes the question.
"""

import sys
from pathlib import Path

from bot.conversation import Conversation
from bot.errors import BotError
from bot.settings import read_settings
from bot.telegram import run
from tests.bot.library import StubLibrary

if __name__ == "__main__":
    library = StubLibrary()
    if len(sys.argv) > 2:
        library = StubLibrary(answer_s=float(sys.argv[2]), echo=True)
    try:
        run(read_settings(), Conversation(library), Path(sys.argv[1]))
    except BotError as error:
        sys.exit(str(error))
