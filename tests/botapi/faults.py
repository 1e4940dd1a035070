"""Failures on purpose: planned ones, random ones, and flood control."""

import math
import random
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from .errors import ApiError, bad_request, forbidden, too_many_requests

GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)
COUNTED = frozenset({"sendmessage", "senddocument", "editmessagetext", "editmessagereplymarkup"})


class GatewayError(Exception):
    """The proxy before the server answers with a page of its own."""


@dataclass(slots=True)
class Fault:
    """What to do to a call; a delay lets the call succeed and answers late.

    A lost call is not obeyed, and the caller waits in vain as well.
    """

    error: Exception | None = None
    delay_s: float = 0.0
    lost: bool = False


@dataclass(slots=True)
class Plan:
    method: str
    fault: Fault
    times: int
    chat_id: int | None


@dataclass(slots=True)
class Rates:
    random: random.Random
    bad_gateway: float
    flood: float
    timeout: float
    timeout_s: float
    lost: float
    methods: frozenset[str]

    def draw(self, method: str) -> Fault | None:
        if self.methods and method not in self.methods:
            return None
        value = self.random.random()
        if value < self.bad_gateway:
            return Fault(GatewayError())
        if value < self.bad_gateway + self.flood:
            return Fault(too_many_requests(1))
        if value < self.bad_gateway + self.flood + self.timeout:
            return Fault(delay_s=self.timeout_s, lost=self.random.random() < self.lost)
        return None


@dataclass(slots=True)
class Faults:
    plans: list[Plan] = field(default_factory=list)
    rates: Rates | None = None

    def next(self, method: str, chat_id: int | None) -> Fault | None:
        for plan in self.plans:
            if plan.method == method and plan.chat_id in {None, chat_id}:
                plan.times -= 1
                if plan.times == 0:
                    self.plans.remove(plan)
                return plan.fault
        # Polls are left alone: a lost poll only repeats itself.
        if self.rates is None or method == "getupdates":
            return None
        return self.rates.draw(method)


def fault_for(status: int, retry_after_s: int, description: str | None) -> Fault:
    """Return the fault that answers with this HTTP status, as the real server words it."""
    if status == 502:
        return Fault(GatewayError())
    if status == 429:
        return Fault(too_many_requests(retry_after_s))
    if status == 403:
        return Fault(forbidden(description or "bot was blocked by the user"))
    if status == 400:
        return Fault(bad_request(description or "chat not found"))
    return Fault(ApiError(status, description or "Internal Server Error"))


@dataclass(slots=True)
class Clock:
    """Seconds for flood control; `speed` 60 lets a minute pass in one second."""

    speed: float = 1.0
    skipped_s: float = 0.0

    def now(self) -> float:
        return time.monotonic() * self.speed + self.skipped_s

    def advance(self, seconds: float) -> None:
        self.skipped_s += seconds


@dataclass(slots=True)
class Flood:
    """At most 30 messages a second, 1 a second to a chat after a burst, 20 a minute to a group."""

    clock: Clock
    per_second: int = 30
    chat_burst: int = 3
    group_per_minute: int = 20
    overall: deque[float] = field(default_factory=deque)
    chats: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    budgets: dict[int, tuple[float, float]] = field(default_factory=dict)

    def admit(self, method: str, chat_id: int | None) -> None:
        """Count a call.

        Raises:
            ApiError: it comes too soon; a refused call is not counted.
        """
        if method not in COUNTED or chat_id is None:
            return
        now = self.clock.now()
        budget = self.chat_budget(chat_id, now)
        wait_s = window_wait(self.overall, self.per_second, 1.0, now)
        if chat_id < 0:
            wait_s = max(wait_s, window_wait(self.chats[chat_id], self.group_per_minute, 60, now))
        wait_s = max(wait_s, 1 - budget)
        if wait_s > 0:
            raise too_many_requests(max(1, math.ceil(wait_s)))
        self.overall.append(now)
        self.chats[chat_id].append(now)
        self.budgets[chat_id] = (budget - 1, now)

    def chat_budget(self, chat_id: int, now: float) -> float:
        budget, since = self.budgets.get(chat_id, (float(self.chat_burst), now))
        return min(float(self.chat_burst), budget + now - since)


def window_wait(times: deque[float], limit: int, window_s: float, now: float) -> float:
    while times and times[0] <= now - window_s:
        times.popleft()
    return times[0] + window_s - now if len(times) >= limit else 0.0
