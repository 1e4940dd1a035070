"""The result of a check, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from rich.text import Text


class Level(StrEnum):
    """The weight of a finding: a bot with a `FAIL` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


class Finding(NamedTuple):
    """The result of one check."""

    check: str  # one word
    level: Level
    text: str  # one line; unless all is well, it ends with the remedy


def render(findings: Sequence[Finding]) -> Text:
    """Return a line per finding."""
    return Text("\n").join(
        Text.assemble((f"{level:<5}", STYLES[level]), f"{check:<10} {text}")
        for check, level, text in findings
    )


def to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    return {"ok": not failed(findings), "checks": [finding._asdict() for finding in findings]}


def failed(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.FAIL for finding in findings)


def one_line(error: object) -> str:
    """Return an error, or what a server says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def count(number: int, noun: str) -> str:
    """Return a number and what it counts, as in 1,204 documents."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
