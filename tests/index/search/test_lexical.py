"""Word search scores by BM25 and forgets what is removed."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.answers import Searchable
from index.core.errors import StoreError
from index.search.words import WordIndexes, folder_of
from index.text.terms import Analyzer
from tests.support.folders import temporary_folder

K1, B = 1.2, 0.75
EXACT_TERMS = 40  # up to here Tantivy stores a length exactly, beyond within an eighth
LAST_WRITTEN = ["meta.json", "checksums.json"]
WORDS = ["fox", "dog", "river", "tree", "stone", "cloud", "mill", "the", "of"]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=EXACT_TERMS).map(" ".join),
    min_size=1,
    max_size=8,
)


def searchable(passage_id: int, words: str, collection: str = "library") -> Searchable:
    return Searchable(passage_id, collection, words, np.zeros(1, np.float32))


@dataclass
class Words:
    """The words of a single collection."""

    folder: Path

    def __post_init__(self) -> None:
        self.indexes = WordIndexes(self.folder / "words", Analyzer())

    def update(self, add: Sequence[Searchable], remove: Sequence[int]) -> None:
        self.indexes.update("library", add, remove)

    def search(self, question: str, k: int) -> list[tuple[int, float]]:
        return self.indexes.search(question, k, ["library"])

    @property
    def ids(self) -> list[int]:
        return sorted(self.indexes.ids("library").tolist())


def of_library(folder: Path) -> Path:
    return folder_of(folder / "words", "library")


def filled(folder: Path, texts: Sequence[str]) -> Words:
    words = Words(folder)
    words.update([searchable(at, text) for at, text in enumerate(texts)], [])
    return words


def bm25(question: str, texts: Sequence[str], shrink: float = 1.0) -> dict[int, float]:
    """Return Okapi's scores, as Lucene smooths them; `shrink` makes each text seem shorter."""
    tokens = [text.split() for text in texts]
    mean = sum(map(len, tokens)) / len(tokens)
    scores: dict[int, float] = {}
    for at, words in enumerate(tokens):
        counted, score = Counter(words), 0.0
        for term in set(question.split()):
            holding = sum(term in other for other in tokens)
            idf = math.log(1 + (len(tokens) - holding + 0.5) / (holding + 0.5))
            length = K1 * (1 - B + B * len(words) * shrink / mean)
            score += idf * counted[term] * (K1 + 1) / (counted[term] + length)
        if score:
            scores[at] = score
    return scores


@settings(max_examples=10)
@given(TEXTS, st.lists(st.sampled_from(WORDS[:7]), min_size=1, unique=True).map(" ".join))
def test_scores_are_bm25(texts: list[str], question: str) -> None:
    with temporary_folder() as folder:
        found = filled(folder, texts).search(question, len(texts))
    assert dict(found) == pytest.approx(bm25(question, texts), rel=1e-4)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)


def test_scores_of_long_texts_are_bm25_but_for_the_rounded_length(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    texts = [" ".join(rng.choice(WORDS, size)) for size in (45, 63, 95, 130, 255, 7)]
    found = dict(filled(tmp_path, texts).search("fox dog", 10))
    exact, shorter = bm25("fox dog", texts), bm25("fox dog", texts, shrink=7 / 8)
    assert found.keys() == exact.keys()
    for at, score in found.items():
        assert exact[at] * 0.9999 <= score <= shorter[at] * 1.0001


def test_the_first_k_are_the_best(tmp_path: Path) -> None:
    index = filled(tmp_path, ["fox " * n + "dog " * (20 - n) for n in range(1, 20)])
    assert index.search("fox", 3) == index.search("fox", 19)[:3]


class TestWords:
    @pytest.mark.parametrize(
        ("question", "text"),
        [
            ("Who is running?", "He runs."),
            ("RUNNING", "it ran and runs"),
            ("Tolkien", "Tolkien’s book"),
            ("the fox's", "a fox"),
            ("Qala-e-Naw", "in Qala-e-Naw."),
            ("1,000", "1,000 men"),
            ("Straße", "STRASSE"),
            ("Завтра?", "завтра"),
            ("who are you", "you are who"),
            ("Erdogan", "Erdoğan said"),
            ("Erdoğan", "Erdogan said"),
            ("Lodz, Malmo", "Łódź"),
            ("cafes", "two cafés"),
            ("Istanbul", "İstanbul, ISTANBUL"),
            ("हिन्दी", "यह हिन्दी है"),
            ("محمد", "مُحَمَّد"),
            ("שלום", "שָׁלוֹם"),
            ("Erdo\u011fan", "Erdog\u0306an"),
            ("\u3071", "\u306f\u309a"),
        ],
    )
    def test_a_question_finds(self, tmp_path: Path, question: str, text: str) -> None:
        assert filled(tmp_path, [text]).search(question, 1)

    @pytest.mark.parametrize(
        ("question", "text"), [("\u0438", "\u0439"), ("\u306f", "\u3071"), ("ह", "हिन्दी")]
    )
    def test_marks_of_other_scripts_tell_words_apart(
        self, tmp_path: Path, question: str, text: str
    ) -> None:
        assert filled(tmp_path, [text]).search(question, 1) == []

    @pytest.mark.parametrize("question", ["???", "", "—", "unicorn", "the unicorn"])
    def test_a_question_finds_nothing(self, tmp_path: Path, question: str) -> None:
        assert filled(tmp_path, ["the fox", "of it"]).search(question, 5) == []

    def test_a_language_without_a_stemmer_is_refused(self) -> None:
        with pytest.raises(StoreError, match=r"klingon.*english"):
            Analyzer("klingon")

    @given(st.text(max_size=40))
    def test_any_text_has_terms_without_white_space(self, text: str) -> None:
        analyzer = Analyzer()
        assert set(analyzer.content_terms(text)) <= set(analyzer.terms(text))
        assert all(term and not any(map(str.isspace, term)) for term in analyzer.terms(text))


class TestMisspeltWords:
    @pytest.mark.parametrize(
        ("question", "text"),
        [
            ("Oxforshire", "in Oxfordshire"),
            ("Talibna", "the Taliban"),
            ("bordres", "a border"),
            ("rivver", "river"),
            ("Cheasepeake planters", "Chesapeake"),
        ],
    )
    def test_are_found(self, tmp_path: Path, question: str, text: str) -> None:
        found = filled(tmp_path, ["fox", text, "dog"]).search(question, 3)
        assert [at for at, _ in found] == [1]

    @pytest.mark.parametrize(
        ("question", "text"),
        [
            ("2014", "2013"),
            ("cat", "car"),
            ("F16", "F15"),
            ("hourly", "yearly"),
            ("Austria", "Asia"),
        ],
    )
    def test_others_are_not_taken_for_them(self, tmp_path: Path, question: str, text: str) -> None:
        assert filled(tmp_path, [text]).search(question, 1) == []

    def test_a_word_that_is_there_is_none(self, tmp_path: Path) -> None:
        found = filled(tmp_path, ["Zambia", "Gambia"]).search("Gambia", 2)
        assert [at for at, _ in found] == [1]

    def test_all_that_is_near_counts_as_one_word(self, tmp_path: Path) -> None:
        texts = ["Zambia", "Gambia", "fox", "dog"]
        found = dict(filled(tmp_path, texts).search("Xambia fox", 4))
        assert found.keys() == {0, 1, 2}
        assert found[0] == found[1] == pytest.approx(math.log(1 + 2.5 / 2.5))
        assert found[2] > found[0]


class TestChanges:
    def test_deleting_really_deletes(self, tmp_path: Path) -> None:
        index = filled(tmp_path, ["fox one", "fox two", "fox three"])
        index.update([], [0, 2])
        assert [at for at, _ in index.search("fox", 5)] == [1]
        assert index.ids == [1]
        assert Words(tmp_path).ids == [1]

    def test_a_commit_that_was_killed_before_its_last_step_can_be_made_again(
        self, tmp_path: Path
    ) -> None:
        index, folder = filled(tmp_path, ["fox", "dog", "mill"]), of_library(tmp_path)
        last_steps = {folder / name: (folder / name).read_bytes() for name in LAST_WRITTEN}
        index.update([], [1])
        for path, before in last_steps.items():
            path.write_bytes(before)
        survivor = Words(tmp_path)
        assert survivor.ids == [0, 1, 2]
        survivor.update([], [1])
        assert survivor.ids == [0, 2]

    def test_what_is_deleted_counts_no_more(self, tmp_path: Path) -> None:
        index = filled(tmp_path, ["fox one", "fox two", "fox three", "dog", "fox dog"])
        index.update([], [0, 1])
        assert index.indexes.count("fox", ["library"]) == 2
        kept = ["fox three", "dog", "fox dog"]
        expected = {at + 2: score for at, score in bm25("fox dog", kept).items()}
        assert dict(index.search("fox dog", 5)) == pytest.approx(expected, rel=0.05)

    def test_adding_again_replaces(self, tmp_path: Path) -> None:
        index = filled(tmp_path, ["fox"])
        index.update([searchable(0, "dog")], [])
        assert index.search("fox", 5) == []
        assert index.ids == [0]


class TestCollections:
    def test_are_apart(self, tmp_path: Path) -> None:
        index = WordIndexes(tmp_path, Analyzer())
        for at, name in enumerate(("library", "my own", "My own")):
            index.update(name, [searchable(at, "fox", name)], [])
        assert [at for at, _ in index.search("fox", 5, ["my own"])] == [1]
        assert {at for at, _ in index.search("fox", 5, ["library", "My own"])} == {0, 2}
        assert index.search("fox", 5, ["my"]) == []
        assert index.search("fox", 5, []) == []

    @settings(max_examples=10)
    @given(TEXTS, st.integers(0, 8), st.lists(st.sampled_from(WORDS[:7]), min_size=1, unique=True))
    def test_together_weigh_words_as_one(
        self, texts: list[str], cut: int, words: list[str]
    ) -> None:
        # Lengths are compared within a collection, so all are alike here.
        texts = [" ".join((text.split() * 8)[:8]) for text in texts]
        question = " ".join(words)
        with temporary_folder() as folder:
            index = WordIndexes(folder, Analyzer())
            for name, part in (("one", range(cut)), ("two", range(cut, len(texts)))):
                index.update(
                    name, [searchable(at, texts[at]) for at in part if at < len(texts)], []
                )
            found = index.search(question, 8, ["one", "two"])
        assert dict(found) == pytest.approx(bm25(question, texts), rel=1e-4)

    def test_one_that_is_gone_leaves_no_words(self, tmp_path: Path) -> None:
        index = WordIndexes(tmp_path, Analyzer())
        for name in ("one", "two"):
            index.update(name, [searchable(1, "fox")], [])
        index.keep_only(["two"])
        assert list(tmp_path.iterdir()) == [folder_of(tmp_path, "two")]
        assert index.count("fox", ["one", "two"]) == 1


@pytest.mark.parametrize("content", ["5", "[1]", "null", "{", "", '{"a": 1}'])
def test_checksums_that_cannot_be_read_do_not_stop_it(tmp_path: Path, content: str) -> None:
    filled(tmp_path, ["fox"])
    (of_library(tmp_path) / "checksums.json").write_text(content, encoding="utf-8")
    assert Words(tmp_path).ids in ([0], [])


def test_all_segment_files_have_a_checksum(tmp_path: Path) -> None:
    index = filled(tmp_path, ["fox", "dog"])
    index.update([searchable(9, "mill")], [0])
    folder = of_library(tmp_path)
    sealed = json.loads((folder / "checksums.json").read_text(encoding="utf-8"))
    files = {path.name for path in folder.iterdir() if path.name[:2] in str(sealed)}
    assert {name for name in files if "." in name and len(name.split(".")[0]) == 32} == set(sealed)
