"""What a check found, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from rich.text import Text


class Level(StrEnum):
    """How much a finding matters: a bot with a `FAIL` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


class Finding(NamedTuple):
    """The result of one check.

    Attributes:
        check: what was looked at, one word.
        text: what was found and, unless all is well, the remedy; one line.
    """

    check: str
    level: Level
    text: str


def render(findings: Sequence[Finding]) -> Text:
    """Return a line per finding."""
    lines = [
        Text.assemble(
            (f"{finding.level:<5}", STYLES[finding.level]), f"{finding.check:<10} {finding.text}"
        )
        for finding in findings
    ]
    return Text("\n").join(lines)


def to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as a JSON object."""
    return {
        "ok": not failed(findings),
        "checks": [finding._asdict() for finding in findings],
    }


def failed(findings: Sequence[Finding]) -> bool:
    """Whether something does not work."""
    return any(finding.level is Level.FAIL for finding in findings)


def one_line(error: BaseException) -> str:
    """Return the text of an error on one line."""
    return " ".join(str(error).split()) or type(error).__name__
