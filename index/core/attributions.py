"""Attributions: who says what in a document, and by which words the text reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.core.documents import Span, Speaker

Speech = Literal["direct", "indirect"]
"""The speaker's own words between quotation marks; or a report of them."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Speech, thought or denial that a document reports, in spans of its text, ascending.

    Attributes:
        source: the speaker as named at this place ("he", "the ministry"); empty if unnamed.
        cue: the words that report ("said", "according to").
        content: what is reported; several spans if the cue stands amid it.
        speaker: the words of the document that name the source best: the fullest name and role
            where it is clear who is meant, else as written here; None without a source.
        speech: whether the content is in the speaker's own words; None without a source.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: Speaker | None = None
    speech: Speech | None = None
