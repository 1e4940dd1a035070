"""`python -m bot` is `onrecord`."""

import gc

from index.core.memory import share_memory


def main() -> None:
    """Run the command line; see `bot.cli.app.main`."""
    # Looking for garbage among what is imported takes a sixth of the time, and finds none.
    gc.disable()
    share_memory()  # before any thread starts
    from bot.cli.app import main as run  # noqa: PLC0415  # not before that

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
