"""Replies on time: one that is being made is shared, a recent one is given again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from bot.conversation.conversation import Conversation
from bot.conversation.followup import ALONE, Context
from bot.conversation.questions import context_of
from bot.conversation.replies import AnswerReply, Reply
from bot.scheduling.inference import Inference

MAX_RECENT = 256
Key = tuple[tuple[str, ...], str, Context]
"""The collections, the text, and what of the context matters to it."""


class Answers:
    """The conversation, behind the queue.

    Those who are answered from the same collections share the reply to the same text after the
    same context, until the index changes.
    """

    def __init__(self, conversation: Conversation, inference: Inference) -> None:
        self.conversation = conversation
        self.inference = inference
        self.running: dict[tuple[int, Key], asyncio.Task[Reply]] = {}
        self.recent: OrderedDict[Key, Reply] = OrderedDict()
        self.revision = -1

    def position(
        self, text: str, context: Context = ALONE, collections: tuple[str, ...] | None = None
    ) -> int:
        """Return which number in line a question would be; 0 where it would not stand in line."""
        key = self._key(text, context, collections)
        self._forget_outdated()
        if key in self.recent or (self.revision, key) in self.running:
            return 0
        before = len(self.running)
        return before if before <= self.inference.max_waiting else 0

    def submit(
        self,
        text: str,
        patient: bool = False,
        begins: Callable[[], None] | None = None,
        context: Context = ALONE,
        collections: tuple[str, ...] | None = None,
    ) -> asyncio.Future[Reply]:
        """Return what will be the reply to a text, or raise BusyError where the queue is full.

        Others may wait for it as well: shield it from being cancelled.

        Args:
            text: a command or a question.
            patient: wait also where the queue is full.
            begins: called when its turn has come.
            context: what was said before.
            collections: to answer from; None for those of the conversation.
        """
        key = self._key(text, context, collections)
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

    def _key(self, text: str, context: Context, collections: tuple[str, ...] | None) -> Key:
        return collections or self.conversation.collections, text.strip(), context_of(text, context)

    async def _make(self, key: Key, patient: bool, begins: Callable[[], None] | None) -> Reply:
        revision = self.revision
        collections, text, context = key
        answer = partial(self.conversation.within(collections).reply, context=context)
        reply = await self.inference.run(answer, text, patient, begins)
        if isinstance(reply, AnswerReply) and revision == self.revision:
            self.recent[key] = reply
            while len(self.recent) > MAX_RECENT:
                self.recent.popitem(last=False)
        return reply

    def _close(self, place: tuple[int, Key], task: asyncio.Task[Reply]) -> None:
        del self.running[place]
        if not task.cancelled():
            task.exception()  # Looked at, as nobody else may be there to do so.

    def _forget_outdated(self) -> None:
        revision = self.conversation.revision()
        if revision != self.revision:
            self.recent.clear()
            self.revision = revision
