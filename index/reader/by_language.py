"""A reader that reads each passage as its language and that of the question demand.

English passages for English questions go to the English reader, all others to the multilingual one.
Where the two languages differ, words are not compared: ranking and confidence were fitted without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.reader import Question, ReadPassages, Retrieved
from index.reader.calibration import Blank, Calibration
from index.reader.trained import TrainedReader
from index.text import language

Lane = Literal["english", "within", "across"]
_ENGLISH = "en"
# In mixed collections the best sentence in a question's own language is as probable as this for 42
# of 50 questions that one in it answers, and for 2 of 100 that one in another language does.
_ENOUGH = 0.3

WITHIN: Blank = frozenset(
    (
        *("lack_sentence", "lack_passage"),
        *("name_lacks_sentence", "name_lacks_passage", "lacks_everywhere"),
    )
)
"""Names are known by their capitals, which other languages give to other words or to none."""

ACROSS: Blank = WITHIN.union(
    ("bm25", "title", "title_of_definition", "sentence_coverage", "passage_coverage")
)
"""Two languages share few words, on which the scores of search depend as well."""


@dataclass(slots=True)
class LanguageReader:
    """Three readers, one for each pair of languages; see `lane_of`."""

    name: str
    english: TrainedReader
    within: TrainedReader
    across: TrainedReader
    calibration: Calibration

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, with the confidence of the first's lane.

        The sentences of different lanes are ordered by their fitted probabilities. Unless the
        question is thorough, passages in other languages are left out if one in its own answers.
        """
        groups: dict[Lane, list[Retrieved]] = defaultdict(list)
        asked = language.likely_of_question(question.text)
        for item in retrieved:
            groups[lane_of(asked, item.passage.document.metadata.language)].append(item)
        readers: dict[Lane, TrainedReader] = {
            "english": self.english,
            "within": self.within,
            "across": self.across,
        }
        foreign = groups.pop("across", [])
        found = [
            (readers[lane].read(question, items), readers[lane]) for lane, items in groups.items()
        ]
        best_score = max((one.score for read, _ in found for one in read.readings[:1]), default=0.0)
        is_enough = best_score >= _ENOUGH and not question.thorough
        if foreign and not is_enough:
            found.append((self.across.read(question, foreign), self.across))
        found = [(read, reader) for read, reader in found if read.readings]
        if not found:
            return self.english.read(question, retrieved)
        best, reader = max(found, key=lambda pair: pair[0].readings[0].score)
        readings = [reading for read, _ in found for reading in read.readings]
        readings.sort(key=lambda reading: -reading.score)
        is_fitted = self.calibration is not self.english.calibration
        calibration = self.calibration if is_fitted else reader.calibration
        is_whole = all(read.is_whole for read, _ in found) and not (foreign and is_enough)
        return ReadPassages(readings, best.evidence, calibration, is_whole)


def lane_of(asked: frozenset[str], tag: str | None) -> Lane:
    """Return the lane for a question and a document of these languages.

    A document in an unknown language counts as one in the question's.
    """
    if language.is_foreign(tag, asked):
        return "across"
    of_document = {language.base(tag)} if tag else asked or {_ENGLISH}
    return "english" if _ENGLISH in of_document else "within"
