"""The server: its methods, its faults, and the test's side of it."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from . import messages, polling, profile, queries
from .errors import ApiError, Json
from .faults import GATEWAY_PAGE, Clock, Fault, Faults, Flood, GatewayError, Plan, Rates, fault_for
from .handlers import FileHandler, MethodHandler, UnknownHandler
from .people import Person
from .records import Call, Chat, Message, User
from .requests import Request
from .world import World

TOKEN = "123456789:AAFakeTokenOnlyForTheTests-abcdefghi"
Method = Callable[[World, Request], Any]
METHODS: dict[str, Method] = {
    function.__name__.replace("_", ""): function
    for function in (
        polling.get_updates,
        polling.set_webhook,
        polling.delete_webhook,
        polling.get_webhook_info,
        messages.send_message,
        messages.send_message_draft,
        messages.send_document,
        messages.edit_message_text,
        messages.edit_message_reply_markup,
        messages.delete_message,
        messages.send_chat_action,
        messages.leave_chat,
        queries.answer_callback_query,
        queries.answer_inline_query,
        profile.get_me,
        profile.set_my_commands,
        profile.get_my_commands,
        profile.delete_my_commands,
        profile.set_my_description,
        profile.get_my_description,
        profile.set_my_short_description,
        profile.get_my_short_description,
        profile.get_chat,
        profile.get_chat_member,
        profile.get_file,
    )
}


class FakeBotApi:
    """A Bot API server on a free local port, and the users who talk to its bot."""

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "onrecord_bot",
        *,
        port: int = 0,
        privacy_mode: bool = True,
        flood_control: bool = False,
        clock: Clock | None = None,
    ) -> None:
        bot = User(int(token.partition(":")[0]), "Onrecord", username, is_bot=True)
        self.token = token
        self.port = port
        self.world = World(bot, privacy_mode)
        self.calls: list[Call] = []
        self.results: list[tuple[str, Any]] = []
        self.raw_updates: set[int] = set()
        self.clock = clock or Clock()
        self.flood = Flood(self.clock) if flood_control else None
        self.faults = Faults()
        self.server: HTTPServer | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.root}/file/bot"

    async def __aenter__(self) -> "FakeBotApi":
        sockets = bind_sockets(self.port, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        application = Application(
            [
                (r"/file/bot([^/]+)/(.+)", FileHandler, {"api": self}),
                (r"/bot([^/]+)/([A-Za-z]+)", MethodHandler, {"api": self}),
            ],
            default_handler_class=UnknownHandler,
            log_function=lambda handler: None,
        )
        self.server = HTTPServer(application, max_body_size=64 * 2**20)
        self.server.add_sockets(sockets)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self.server is not None:
            self.server.stop()
            await self.server.close_all_connections()
            self.server = None

    def private_chat(
        self,
        user_id: int,
        first_name: str = "Ann",
        username: str | None = None,
        language_code: str | None = "en",
    ) -> Person:
        """Return a user who has started the bot."""
        user = User(user_id, first_name, username, language_code)
        chat = Chat(
            user_id,
            "private",
            user=user,
            members={user_id: "member"},
            message_ids=self.world.message_ids,
        )
        self.world.users[user_id] = user
        self.world.chats[chat.id] = chat
        return Person(self.world, user, chat)

    def group(
        self,
        chat_id: int = -1001000000001,
        title: str = "Newsroom",
        *,
        bot_status: str = "member",
        administrators: Iterable[Person] = (),
    ) -> Chat:
        """Return a group the bot is in; an id that begins with -100 is a supergroup."""
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        chat = Chat(chat_id, kind, title, bot_status=bot_status)
        if kind == "group":
            chat.message_ids = self.world.message_ids
        chat.members.update((person.id, "administrator") for person in administrators)
        self.world.chats[chat_id] = chat
        return chat

    def channel(self, chat_id: int = -1002000000001, title: str = "Newsroom Live") -> Chat:
        """Return a channel that the bot administers."""
        chat = Chat(chat_id, "channel", title, bot_status="administrator")
        self.world.chats[chat_id] = chat
        return chat

    async def wait_for(
        self,
        chat: Chat | Person,
        count: int = 1,
        *,
        after: Message | None = None,
        timeout_s: float = 120.0,
    ) -> list[Message]:
        """Return the bot's messages in the chat (after a message) once there are `count`.

        Raises:
            TimeoutError: there were fewer in time; its text says what there was.
        """
        chat = chat.chat if isinstance(chat, Person) else chat
        after_id = after.message_id if after else 0

        def found() -> list[Message]:
            return [message for message in chat.sent if message.message_id > after_id]

        try:
            await self.world.wait_until(lambda: len(found()) >= count, timeout_s)
        except TimeoutError as error:
            texts = [message.text for message in found()]
            calls = [f"{call.method} {call.status}" for call in self.calls[-10:]]
            raise TimeoutError(
                f"waited {timeout_s} s for {count} messages, got {texts}; last calls: {calls}"
            ) from error
        return found()

    async def wait_until(self, ready: Callable[[], bool], timeout_s: float = 120.0) -> None:
        await self.world.wait_until(ready, timeout_s)

    async def polled(self) -> None:
        """Wait until a bot polls, which is not answered yet."""
        while self.world.updates.poller is None:  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    def push_update(self, content: Json) -> None:
        """Queue a raw update, such as one that the bot's library cannot parse."""
        self.raw_updates.add(self.world.updates.next_id)
        self.world.updates.push(content)

    def fail_next(
        self,
        method: str,
        status: int = 502,
        *,
        times: int = 1,
        retry_after: int = 1,
        description: str | None = None,
        chat_id: int | None = None,
        timeout_s: float | None = None,
        lost: bool = False,
    ) -> None:
        """Refuse the next calls of a method.

        With `timeout_s`, obey but answer that much later; if `lost`, do not even obey.
        """
        fault = fault_for(status, retry_after, description)
        if timeout_s is not None:
            fault = Fault(delay_s=timeout_s, lost=lost)
        self.faults.plans.append(Plan(method.lower(), fault, times, chat_id))

    def fault_rate(
        self,
        *,
        seed: int = 0,
        bad_gateway: float = 0.0,
        flood: float = 0.0,
        timeout: float = 0.0,
        timeout_s: float = 10.0,
        lost: float = 0.0,
        methods: Iterable[str] = (),
    ) -> None:
        """Let each call fail with these probabilities; polls are spared.

        A share `lost` of the calls that time out is not obeyed.
        """
        names = frozenset(method.lower() for method in methods)
        generator = random.Random(seed)
        self.faults.rates = Rates(generator, bad_gateway, flood, timeout, timeout_s, lost, names)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def answer(self, request: Request) -> tuple[int, Json | str]:
        """Return the status and the body that answer a call, and record it."""
        started = time.time()
        status = 200
        body: Json | str
        try:
            result = await self.obey(request)
            self.results.append((request.method, result))
            body = {"ok": True, "result": result}
        except ApiError as error:
            status, body = error.status, error.to_json()
        except GatewayError:
            status, body = 502, GATEWAY_PAGE
        self.calls.append(Call(request.method, request.values, started, status))
        self.world.announce()
        return status, body

    async def obey(self, request: Request) -> Any:
        name = request.method.lower()
        if name not in METHODS:
            raise ApiError(404, "Not Found")
        raw_chat_id = str(request.values.get("chat_id", ""))
        chat_id = int(raw_chat_id) if raw_chat_id.lstrip("-").isdecimal() else None
        fault = self.faults.next(name, chat_id) or Fault()
        if fault.error is not None:
            raise fault.error
        if self.flood is not None:
            self.flood.admit(name, chat_id)
        if fault.lost:
            await outwait(request, fault.delay_s)
            raise GatewayError
        result = METHODS[name](self.world, request)
        if isinstance(result, Awaitable):
            result = await result
        if fault.delay_s:
            await outwait(request, fault.delay_s)
        return result


async def outwait(request: Request, delay_s: float) -> None:
    """Return after the delay, or when the caller hangs up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(delay_s):
            await request.gone.wait()
