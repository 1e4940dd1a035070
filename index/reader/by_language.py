"""A reader that reads each passage as its language and that of the question demand.

English passages for English questions go to the English reader, all others to the multilingual one.
Where the two languages differ, words are not compared: ranking and confidence were fitted without.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from index.core.errors import ModelError
from index.core.files import replacing
from index.reader import Question, ReadPassages, Retrieved
from index.reader.calibration import Calibration, Logistic
from index.reader.sentence_vectors import SentenceVectorReader
from index.reader.trained import TrainedReader
from index.text import language

FITS = Path(__file__).parent / "shipped" / "languages.json"
"""What was fitted; `python -m tests.benchmarks.languages SETS --fit` wrote it."""

Lane = Literal["english", "within", "across"]
_ENGLISH = "en"


class Fit(BaseModel):
    """What was fitted for one lane."""

    ranking: Logistic
    calibration: Calibration


class Fits(BaseModel):
    """What was fitted for the multilingual reader, within one language and across two."""

    within: Fit
    across: Fit


def read_fits(file: Path) -> Fits:
    """Return what `write_fits` wrote.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        return Fits.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        what = str(error).splitlines()[0]
        raise ModelError(f"cannot read {file}: {what}; reinstall onrecord") from error


def write_fits(file: Path, fits: Fits) -> None:
    with replacing(file) as written:
        written.write_text(fits.model_dump_json(indent=2) + "\n", encoding="utf-8")


@dataclass(slots=True)
class LanguageReader:
    """Three readers, one for each pair of languages; see `lane_of`."""

    name: str
    english: TrainedReader
    within: SentenceVectorReader
    across: SentenceVectorReader
    calibration: Calibration

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, with the confidence of the first's lane.

        The sentences of different lanes are ordered by their fitted probabilities.
        """
        groups: dict[Lane, list[Retrieved]] = defaultdict(list)
        asked = language.of_question(question.text)
        for item in retrieved:
            groups[lane_of(asked, item.passage.document.metadata.language)].append(item)
        readers: dict[Lane, TrainedReader | SentenceVectorReader] = {
            "english": self.english,
            "within": self.within,
            "across": self.across,
        }
        found = [
            (readers[lane].read(question, items), readers[lane]) for lane, items in groups.items()
        ]
        found = [(read, reader) for read, reader in found if read.readings]
        if not found:
            return self.english.read(question, retrieved)
        best, reader = max(found, key=lambda pair: pair[0].readings[0].score)
        readings = [reading for read, _ in found for reading in read.readings]
        readings.sort(key=lambda reading: -reading.score)
        is_fitted = self.calibration is not self.english.calibration
        calibration = self.calibration if is_fitted else reader.calibration
        is_whole = all(read.is_whole for read, _ in found)
        return ReadPassages(readings, best.evidence, calibration, is_whole)


def lane_of(asked: frozenset[str], tag: str | None) -> Lane:
    """Return the lane for a question and a document of these languages."""
    of_document = language.base(tag or _ENGLISH)
    if asked and of_document not in asked:
        return "across"
    if not asked and language.has_own_script(of_document):
        return "across"  # the question is in Latin letters
    return "english" if of_document == _ENGLISH else "within"
