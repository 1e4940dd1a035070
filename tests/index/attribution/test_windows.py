"""Windows hold each sentence once in their cores, with neighbours around it."""

from __future__ import annotations

import re

from tokenizers import Tokenizer

from index.attribution.windows import MAX_PIECES, WindowEncoder
from index.core.documents import Paragraph, Span
from index.models.minilm import tokenizer_file
from index.text.sentences import split_sentences

TEXT = "\n".join(f"The mayor said on day {day} that it rains. He left." for day in range(40))


def test_windows() -> None:
    paragraphs = [Paragraph(Span(*line.span())) for line in re.finditer(r".+", TEXT)]
    sentences = split_sentences(TEXT, paragraphs)
    encoder = WindowEncoder(Tokenizer.from_file(str(tokenizer_file())))
    windows = list(encoder.windows(TEXT, sentences))
    assert len(windows) > 2
    cores = [tuple(pair) for window in windows for pair in window.offsets[window.core].tolist()]
    assert cores == sorted(set(cores))
    assert cores[0][0] == 0
    assert cores[-1][1] == len(TEXT)
    for window in windows:
        assert len(window.ids) <= MAX_PIECES
        for start, end in window.offsets[window.of_text].tolist():
            assert not TEXT[start:end].isspace()
    middle = windows[1]
    assert middle.of_text[1]
    assert not middle.core[1]
