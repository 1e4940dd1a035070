"""Shares the replies that are being made, and gives recent answers again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from bot.conversation.conversation import Conversation
from bot.conversation.followups.dialogue import ALONE, Dialogue
from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply, Reply
from bot.scheduling.inference import Inference

MAX_RECENT = 256
Key = tuple[tuple[str, ...], Request, Dialogue]
"""The collections, the request, and as much of the dialogue as matters to it."""


class Answers:
    """The conversation behind the queue.

    The same request to the same collections in the same dialogue gets the same reply, until the
    index changes.
    """

    def __init__(self, conversation: Conversation, inference: Inference) -> None:
        self.conversation = conversation
        self.inference = inference
        self.running: dict[tuple[int, Key], asyncio.Task[Reply]] = {}
        self.recent: OrderedDict[Key, Reply] = OrderedDict()
        self.revision = -1

    def position(
        self,
        request: Request,
        dialogue: Dialogue = ALONE,
        collections: tuple[str, ...] | None = None,
    ) -> int:
        """Return the place in line that a request would get; 0 if it need not wait."""
        key = self._key(request, dialogue, collections)
        self._forget_outdated()
        if key in self.recent or (self.revision, key) in self.running:
            return 0
        before = len(self.running)
        return before if before <= self.inference.max_waiting else 0

    def submit(
        self,
        request: Request,
        patient: bool = False,
        begins: Callable[[], None] | None = None,
        dialogue: Dialogue = ALONE,
        collections: tuple[str, ...] | None = None,
    ) -> asyncio.Future[Reply]:
        """Return the coming reply. Others may wait for it as well: shield it from cancelling.

        It raises BusyError if the queue is full and the caller not `patient`. `begins` is called
        when the request's turn has come. It is answered from the collections of the conversation
        if none are given.
        """
        key = self._key(request, dialogue, collections)
        self._forget_outdated()
        if (known := self.recent.get(key)) is not None:
            self.recent.move_to_end(key)
            future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            future.set_result(known)
            return future
        place = (self.revision, key)
        task = self.running.get(place)
        if task is None:
            task = self.running[place] = asyncio.create_task(self._make(key, patient, begins))
            task.add_done_callback(lambda done: self._close(place, done))
        return task

    def _key(
        self, request: Request, dialogue: Dialogue, collections: tuple[str, ...] | None
    ) -> Key:
        collections = collections or self.conversation.collections
        return collections, request, dialogue.relevant_to(request.rest)

    async def _make(self, key: Key, patient: bool, begins: Callable[[], None] | None) -> Reply:
        revision = self.revision
        collections, request, dialogue = key
        conversation = self.conversation.within(collections)
        reply = await self.inference.run(
            lambda _text: conversation.reply(request, dialogue), request.text, patient, begins
        )
        if isinstance(reply, AnswerReply) and revision == self.revision:
            self.recent[key] = reply
            while len(self.recent) > MAX_RECENT:
                self.recent.popitem(last=False)
        return reply

    def _close(self, place: tuple[int, Key], task: asyncio.Task[Reply]) -> None:
        del self.running[place]
        if not task.cancelled():
            task.exception()  # Retrieved, as nobody else may be there to do so.

    def _forget_outdated(self) -> None:
        revision = self.conversation.library.revision()
        if revision != self.revision:
            self.recent.clear()
            self.revision = revision
