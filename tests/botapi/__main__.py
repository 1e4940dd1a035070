"""Serve the fake on a port: lines from standard input are what one user says.

The first line printed is the root address, the second the token; every message of the bot follows
as a JSON object on a line of its own.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from threading import Thread

from .people import Person
from .server import TOKEN, FakeBotApi


async def serve(arguments: argparse.Namespace) -> None:
    async with FakeBotApi(
        arguments.token, port=arguments.port, flood_control=arguments.flood_control
    ) as api:
        person = api.private_chat(arguments.user_id, "Ann", "ann")
        print(api.root, api.token, sep="\n", flush=True)
        for text in arguments.say:
            person.send(text)
        loop = asyncio.get_running_loop()
        Thread(target=pass_lines, args=(loop, person), daemon=True).start()
        await print_messages(api, person)


def pass_lines(loop: asyncio.AbstractEventLoop, person: Person) -> None:
    for line in sys.stdin:
        if line.strip():
            loop.call_soon_threadsafe(person.send, line)


async def print_messages(api: FakeBotApi, person: Person) -> None:
    printed = 0
    while True:
        await api.world.changed.wait()
        for message in person.chat.sent[printed:]:
            print(json.dumps(message.to_json(), ensure_ascii=False), flush=True)
        printed = len(person.chat.sent)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--user-id", type=int, default=1001)
    parser.add_argument("--say", action="append", default=[], help="said at once; may repeat")
    parser.add_argument("--flood-control", action="store_true")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
