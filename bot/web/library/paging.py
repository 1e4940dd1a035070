"""Long lists, cut into pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

PAGE_SIZE = 50
MAX_WORD_CHARS = 200


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list of `total` items at `path`, chosen by `query`; `number` is from 0.

    A number that is none, or beyond the end, is the nearest that there is.
    """

    path: str
    total: int
    query: dict[str, str]
    number: str = ""
    size: int = PAGE_SIZE
    at: int = field(init=False)

    def __post_init__(self) -> None:
        wanted = int(self.number[:9]) if self.number.isdecimal() else 0
        object.__setattr__(self, "at", min(wanted, self.last))

    @property
    def last(self) -> int:
        return max(0, (self.total - 1) // self.size)

    @property
    def shown(self) -> slice:
        """The items on this page."""
        return slice(self.at * self.size, (self.at + 1) * self.size)

    @property
    def previous(self) -> str:
        return self._address(self.at - 1) if self.at else ""

    @property
    def next(self) -> str:
        return self._address(self.at + 1) if self.at < self.last else ""

    def _address(self, at: int) -> str:
        query = {name: value for name, value in self.query.items() if value} | {"page": str(at)}
        return f"{self.path}?{urlencode(query)}"
