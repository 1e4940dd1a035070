"""Order and confidence are fitted to questions with answers."""

from __future__ import annotations

import numpy as np
import pytest

from index.core.errors import FittingError, ModelError
from index.evaluation.cases import Observation, cases_of
from index.evaluation.evaluate import judge
from index.evaluation.fitting import fit_calibration, fit_reader
from index.reader.loading import Fitted, open_reader, write_fitted
from index.reader.trained import TrainedReader
from tests.support.corpus import fill
from tests.support.folders import Shelf
from tests.support.passages import ScriptedModel

LIBRARY = ["library"]


def no_step(title: str) -> object:
    return lambda done, total: None


def observations(count: int = 300) -> list[Observation]:
    """Of a reader whose evidence is the log-odds that it is right."""
    rng = np.random.default_rng(0)
    made = []
    for at in range(count):
        sort = ("answerable", "silent", "absent")[at % 3]
        evidence = rng.normal(2 if sort == "answerable" else -2, 1, size=1)
        right = sort == "answerable" and rng.random() < 0.9
        made.append(Observation(evidence, right, sort))  # type: ignore[arg-type]
    return made


def test_the_threshold_makes_both_errors_as_rare() -> None:
    calibration = fit_calibration(("odds",), observations())
    rates = calibration.error_rates
    assert rates is not None
    assert rates.questions == 100
    assert rates.silent is not None
    assert rates.absent is not None
    assert rates.answered > 0.9
    assert abs(rates.answered - (rates.silent + rates.absent) / 2) < 0.05
    assert rates.calibration_error < 0.08
    assert calibration.probability(np.array([4.0])) > 0.8
    assert calibration.probability(np.array([-4.0])) < 0.1


def test_too_little_to_fit_to_is_said() -> None:
    with pytest.raises(FittingError, match=r"10 questions .* at least 20"):
        fit_calibration(("odds",), observations(30))
    always = [Observation(np.zeros(1), True, "answerable")] * 50
    with pytest.raises(FittingError, match="right on all"):
        fit_calibration(("odds",), always)


@pytest.mark.slow
def test_what_was_fitted_is_used_from_then_on(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    library = shelf.open()
    before = library.reader.calibration
    fit_reader(library.reader, list(cases_of(library, questions, LIBRARY)), no_step)  # type: ignore[arg-type]
    assert library.reader.calibration != before
    library.keep_fitted()
    assert shelf.open().reader.calibration == library.reader.calibration


@pytest.mark.slow
def test_an_order_is_fitted_where_a_model_reads(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    library = shelf.open()
    told = {q.answers[0].text for q in questions}
    model = ScriptedModel(lambda text: 4.0 if any(answer in text for answer in told) else -4.0)
    reader = TrainedReader("scripted", model, library.words)
    guessed = reader.ranking
    cases = list(cases_of(library, questions, LIBRARY))
    fit_reader(reader, cases, no_step)  # type: ignore[arg-type]
    assert reader.ranking != guessed
    assert reader.ranking.weights[0] > 0
    scores = judge(reader, cases)
    assert scores.quote_1 > 0.8
    assert scores.quote_3 >= scores.quote_1
    assert scores.auroc_absent is not None
    assert 0 <= scores.calibration_error <= 1


def test_what_was_fitted_for_one_reader_is_not_used_for_another(shelf: Shelf) -> None:
    library = shelf.open()
    file = shelf.data / "fitted.json"
    other = TrainedReader("other", ScriptedModel(lambda text: 0.0), library.words)
    write_fitted(file, other)
    reader = open_reader("embedding", library.embedder, library.words, file, file.parent)
    assert reader.calibration != other.calibration


def test_what_another_version_fitted_is_refused(shelf: Shelf) -> None:
    library = shelf.open()
    file = shelf.data / "fitted.json"
    write_fitted(file, library.reader)
    older = Fitted.model_validate_json(file.read_bytes())
    changed = older.calibration.model_copy(update={"features": ("one",), "weights": (1.0,)})
    file.write_text(older.model_copy(update={"calibration": changed}).model_dump_json())
    with pytest.raises(ModelError, match="another version; delete it, then fit again"):
        open_reader("embedding", library.embedder, library.words, file, file.parent)
