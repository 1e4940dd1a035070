"""The network that ships, on the seed article and on texts that it must leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.attribution.tagger import Tagger
from index.core.documents import Paragraph, Span
from index.parsers import parse
from index.text.sentences import split_sentences

MINISTRY = "The Afghan Ministry of Defense"
ARIAN = "Afghan Ministry of Interior Affairs spokesman Tariq Arian"
SEED = [
    ("Afghan security officials", "said", "Taliban fighters on Thursday", "indirect"),
    ("Two senior Afghan security officials", "told", "Islam Qala border crossing", "indirect"),
    (
        "Al-Alalam TV, Iran’s official Arabic language service",
        "reported",
        "Afghan soldiers had entered",
        "indirect",
    ),
    (ARIAN, "denied", "the reports", "indirect"),
    (ARIAN, "saying", "the border crossing was still", "indirect"),
    ("Another security official", "said", "seized five districts", "indirect"),
    (MINISTRY, "said", "wrested back control", "indirect"),
    (MINISTRY, "said", "Hundreds of troops", "indirect"),
    (MINISTRY, "adding", "fighting was continuing", "indirect"),
    ("defense ministry spokesman Fawad Aman", "said", "“The city is fully under our", "direct"),
    (MINISTRY, "said", "69 Taliban had been killed", "indirect"),
    ("Western security officials", "say", "more than 100 districts", "indirect"),
    ("the Taliban", "says", "more than 200 districts", "indirect"),
]


def test_all_attributions_of_the_seed_article(seed: Path) -> None:
    parsed = parse(seed.name, seed.read_bytes())
    sentences = split_sentences(parsed.text, parsed.paragraphs)
    found = Tagger().find(parsed.text, sentences)
    assert len(found) == len(SEED)
    for one, (speaker, cue, content, speech) in zip(found, SEED, strict=True):
        assert one.speaker is not None
        assert one.speaker.text == speaker
        assert cue in one.cue[0].cut(parsed.text)
        assert content in " ".join(span.cut(parsed.text) for span in one.content)
        assert one.speech == speech


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The bridge was built of stone in 1921. It is forty metres long.",
        "Der Minister sagte am Montag, die Brücke sei sicher. " * 8,
    ],
)
def test_nobody_speaks(text: str) -> None:
    sentences = split_sentences(text, [Paragraph(Span(0, len(text)))] if text else [])
    assert Tagger().find(text, sentences) == []
