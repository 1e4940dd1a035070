"""Models of many languages are known by their names or cards."""

from pathlib import Path

import pytest

from index.models.sentence_transformer import TransformerEmbedder

pytestmark = pytest.mark.slow  # to import


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlanguage:\n- multilingual\n- ar\n- de\n---\n# A model\n", True),
        ("---\nlanguage: en\n---\n# A model\n", False),
        ("---\nlanguage:\n- en\n---\n# A model\n", False),
        ("# A model\n", False),
        (None, False),
    ],
)
def test_a_card_names_its_languages(tmp_path: Path, card: str | None, expected: bool) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card)
    assert TransformerEmbedder(str(tmp_path)).is_multilingual is expected


def test_a_name_may_say_so() -> None:
    assert TransformerEmbedder("x/paraphrase-multilingual-MiniLM-L12-v2").is_multilingual
