"""The README documents every setting, and no other."""

import re
from pathlib import Path

import pytest

from bot.settings import BotSettings, variable_of
from index.core.settings import IndexSettings

README = Path(__file__).resolve().parent.parent / "README.md"
VARIABLES = [
    variable_of(settings, field)
    for settings in (BotSettings, IndexSettings)
    for field in settings.model_fields
]


def documented() -> list[str]:
    """Return the variables of the table of settings."""
    _, _, chapter = README.read_text(encoding="utf-8").partition("\n## Settings\n")
    table = chapter.partition("\n## ")[0]
    return re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_setting_is_documented(variable: str) -> None:
    assert variable in documented()


def test_nothing_is_documented_that_is_no_setting() -> None:
    assert set(documented()) <= set(VARIABLES)
