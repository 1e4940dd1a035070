"""Measure quotes and abstention in other languages than English, each among its own distractors.

python -m tests.benchmarks.languages SETS [--model multilingual] [--limit 100] [--data DIR]
    [--languages fr,fa,ar,ru] [--documents N] [--across KINDS] [--fit FOLDER] [--json FILE]

SETS holds gzipped JSON lines, a passage with its questions each. The half of a language's
documents that nothing was learned from is indexed (in DIR, or a temporary folder), and its
questions are asked as a user would; quote@k is without abstention. --across KINDS asks also across
languages: questions that have translations, about the same documents and about the English ones of
the test split of KINDS, the folder that `tests.benchmarks.kinds` wrote; those of its dev split have
no answer there. --fit FOLDER fits order and confidence of the reader whose network is there, on a
fifth of the other half, which `multilingual_reader` does not learn from, and on the dev split.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.cli import step_bars
from index.core.documents import Span, Step
from index.core.settings import DEFAULT_COLLECTION, IndexSettings
from index.evaluation.cases import Case, cases_of
from index.evaluation.fitting import fit_reader
from index.evaluation.metrics import auroc
from index.evaluation.questions import Gold, GoldQuestion, is_quoted, read_questions
from index.library import Library
from index.parsers import parse
from index.reader.by_language import ACROSS, WITHIN
from index.reader.multilingual import NETWORK, Fit, MultilingualModel, write_manifest
from index.reader.trained import TrainedReader
from tests.benchmarks.kinds import Document, of_set
from tests.benchmarks.kinds import write as write_documents
from tests.support.silent import without_speakers
from tests.support.translations import translated

SETS = {
    "fr": ("piaf-*.jsonl.gz",),
    "fa": ("pquad-*.jsonl.gz",),
    "ar": ("arcd-*.jsonl.gz", "tydi-ar-*.jsonl.gz"),
    "ru": ("tydi-ru-*.jsonl.gz",),
}
UNLEARNED = {"de": ("*-de.jsonl.gz",), "es": ("*-es.jsonl.gz",)}
"""Languages that the reader learns nothing of, for whoever has questions in them."""
SEED = 2026
WONDER = "wonder"  # the kind of questions by people who had not seen the text
HELD_OUT = 0.2


def halves(folder: Path, language: str) -> tuple[list[Document], list[Document]]:
    """Return the documents of a language to learn from, and those to measure by."""
    parts: tuple[list[Document], list[Document]] = ([], [])
    for pattern in (SETS | UNLEARNED)[language]:
        for document in of_set(folder, pattern):
            subject = subject_of(document)
            parts[random.Random(f"{SEED} {subject}").random() >= 0.5].append(document)
    return parts


def subject_of(document: Document) -> str:
    return (document.title or document.text).split(":")[0]


def is_held_out(subject: str) -> bool:
    """Whether a document to learn from is one to fit on instead, by its title or first words."""
    return random.Random(f"dev {subject}").random() < HELD_OUT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("--model", default="multilingual")
    parser.add_argument("--reader", default="onrecord")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--languages", default=",".join(SETS))
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--across", type=Path)
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, step_bars() as step:
        data = given.data or Path(scratch)
        settings = IndexSettings(_env_file=None, home=data, model=given.model, reader=given.reader)
        if given.fit:
            fit(given, settings, data, step)
            return
        found: dict[str, dict[str, Any]] = {}
        across: list[tuple[Library, GoldQuestion]] = []
        for language in filter(None, given.languages.split(",")):
            library, questions = opened(given, language, 1, settings, data, step)
            found[language] = measure(library, questions, given, step)
            across += [(library, one) for one in translated(questions, language)]
        if given.across:
            library = english_library(given.across, "test", settings, data, step)
            questions = wondered(given.across, "test")
            questions += [replace(one, answers=()) for one in wondered(given.across, "dev")]
            across += [(library, one) for one in translated(questions, "en")]
            for kind in dict.fromkeys(one.kind for _, one in across):
                of_kind = [pair for pair in across if pair[1].kind == kind]
                asked = [one for _, one in of_kind]
                found[kind] = measure(of_kind[0][0], asked, given, step)
    show(given.model, found)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def opened(
    given: argparse.Namespace,
    language: str,
    half: int,
    settings: IndexSettings,
    data: Path,
    step: Step,
) -> tuple[Library, list[GoldQuestion]]:
    """Return a library of half of the documents of a language, and their questions, shuffled."""
    folder = data / f"{language}-{half}"
    documents = halves(given.sets, language)[half][: given.documents]
    if half == 0:
        for one in documents:
            if not is_held_out(subject_of(one)):
                one.questions = []
    documents = [short(one) for one in documents]
    corpus, questions = folder / "corpus", folder / "questions.json"
    if not corpus.exists():
        lines = write_documents(documents, language, corpus, scattered=True)
        random.Random(SEED).shuffle(lines)
        questions.write_text(json.dumps(lines), encoding="utf-8")
    slug = settings.model.rpartition("/")[2]
    own = settings.model_copy(update={"data": folder / slug})
    library = Library(own, None, parse)
    without_speakers(library)
    started = perf_counter()
    report = library.sync(corpus, progress=step(f"Indexing {language}"))
    seconds = perf_counter() - started
    if report.embedded:
        print(f"{language}: {report.embedded} passages, {report.embedded / seconds:.1f} a second")
    asked = [
        GoldQuestion(
            line["question"],
            tuple(
                Gold(a["document"], Span(a["start"], a["start"] + len(a["text"])), a["text"])
                for a in line["answers"]
            ),
            kind=language,
        )
        for line in json.loads(questions.read_text(encoding="utf-8"))
    ]
    return library, asked


def english_library(
    kinds: Path, split: str, settings: IndexSettings, data: Path, step: Step
) -> Library:
    """Return a library of the English documents of a split that people wondered about."""
    slug = f"{split}-{settings.model.rpartition('/')[2]}"
    own = settings.model_copy(update={"data": data / "en" / slug})
    library = without_speakers(Library(own, None, parse))
    library.sync(kinds / split / "corpus" / WONDER, progress=step("Indexing en"))
    return library


def wondered(kinds: Path, split: str) -> list[GoldQuestion]:
    """Return the questions about the documents of `english_library`."""
    return [
        replace(one, answers=tuple(in_folder(gold) for gold in one.answers))
        for one in read_questions(kinds / f"{split}.jsonl")
        if one.kind == WONDER
    ]


def in_folder(gold: Gold) -> Gold:
    return replace(gold, document=gold.document.removeprefix(f"{WONDER}/"))


def short(document: Document) -> Document:
    """Return a document with a title that a file may have as its name in any script."""
    if document.title:
        document.title = document.title[:60]
    return document


def measure(
    library: Library, questions: Sequence[GoldQuestion], given: argparse.Namespace, step: Step
) -> dict[str, Any]:
    """Return the measures of a library asked up to `--limit` questions of either sort."""
    answerable = [one for one in questions if one.answers][: given.limit]
    others = [one for one in questions if not one.answers][: given.limit]
    progress = step("Asking")
    first, three, answered, right, confidences, silent = [], [], [], [], [], []
    started = perf_counter()
    for done, question in enumerate([*answerable, *others]):
        progress(done, len(answerable) + len(others))
        answer = library.ask(question.text)
        quotes = answer.quotes or answer.closest
        confidences.append(answer.confidence)
        if question.answers:
            first.append(is_quoted(question.answers, quotes, 1))
            three.append(is_quoted(question.answers, quotes, 3))
            answered.append(answer.answered)
            if answer.answered:
                right.append(first[-1])
        else:
            silent.append(not answer.answered)
    seconds = perf_counter() - started
    labels = [bool(question.answers) for question in [*answerable, *others]]
    return {
        "questions": len(answerable),
        "quote_1": share(first),
        "quote_3": share(three),
        "answered": share(answered),
        "right_of_answered": share(right),
        "unanswerable": len(others),
        "abstained": share(silent),
        "auroc": auroc(confidences, labels) if others else None,
        "seconds": seconds / max(1, len(labels)),
    }


def share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def show(model: str, found: dict[str, dict[str, Any]]) -> None:
    table = Table(model, *next(iter(found.values())))
    for language, measures in found.items():
        table.add_row(language, *map(shown, measures.values()))
    Console(width=140).print(table)


def shown(measure: float | None) -> str:
    if measure is None:
        return "–"
    return str(measure) if isinstance(measure, int) else f"{measure:.3f}"


def fit(given: argparse.Namespace, settings: IndexSettings, data: Path, step: Step) -> None:
    """Fit the reader within a language and across; every language weighs the same."""
    cases: list[Case] = []
    across: list[Case] = []
    for language in given.languages.split(","):
        library, questions = opened(given, language, 0, settings, data, step)
        chosen = [one for one in questions if one.answers][: given.limit]
        chosen += [one for one in questions if not one.answers][: given.limit // 2]
        cases += cases_of(library, chosen, (DEFAULT_COLLECTION,), step("Searching"))
        others = list(translated(questions, language))
        across += cases_of(library, others, (DEFAULT_COLLECTION,), step("Searching"))
    if given.across:
        library = english_library(given.across, "dev", settings, data, step)
        others = list(translated(wondered(given.across, "dev"), "en"))
        across += cases_of(library, others, (DEFAULT_COLLECTION,), step("Searching"))
    model = MultilingualModel(given.fit / NETWORK, settings.models_folder)
    fits = []
    for name, blank, fitted_on in (("within", WITHIN, cases), ("across", ACROSS, across)):
        reader = TrainedReader(name, model, library.words, blank=blank)
        fit_reader(reader, fitted_on, step)
        print(name, reader.calibration.error_rates)
        fits.append(Fit(ranking=reader.ranking, calibration=reader.calibration))
    write_manifest(given.fit, *fits)


if __name__ == "__main__":
    main()
