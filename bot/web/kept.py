"""Keeps what was made last, for all threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(slots=True)
class Kept(Generic[V]):
    """Values by their keys, of which those used last stay, up to a sum of sizes."""

    limit: int
    size: Callable[[V], int] = lambda _value: 1
    values: OrderedDict[Hashable, V] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    total: int = 0

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of a key, made unless it is kept; two threads may both make it."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
                return self.values[key]
        made = make()
        with self.lock:
            if key not in self.values:
                self.values[key] = made
                self.total += self.size(made)
            while len(self.values) > 1 and self.total > self.limit:
                _key, left = self.values.popitem(last=False)
                self.total -= self.size(left)
        return made
