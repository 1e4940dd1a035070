"""Every text exists in every language, fits where it is shown, and none is left unmarked."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

import bot
import index
from bot.i18n.language import LANGUAGES, _, speaking
from bot.i18n.locale_tools import TEMPLATE, extract, forms, message_problems, problems
from bot.telegram.profile import menus
from bot.telegram.rendering.message import utf16_len
from bot.texts import answers as wording
from tests.botapi.limits import check_commands

FOLDER = Path(bot.__file__).parent
MARKS = {"_", "N_", "ngettext", "Phrase", "counted"}
WORDS = re.compile(r"[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")
# The language of operators is English.
BY_TELEGRAM = {"query is too old", "not found"}
FOR_OPERATORS = {"i18n/locale_tools.py", "telegram/processor.py", "settings.py"}


def test_nothing_is_missing_fuzzy_or_outdated() -> None:
    assert list(problems()) == []


def test_the_template_has_the_texts_of_the_code() -> None:
    with TEMPLATE.open("rb") as file:
        template = read_po(file)
    assert {message.id for message in template} == {message.id for message in extract()}


@pytest.mark.parametrize(
    ("source", "translation", "plurals", "problem"),
    [
        ("a {b}", "", 2, "missing"),
        ("a {b}", None, 2, "missing"),
        ("a {b}", "c", 2, "other names in braces"),
        ("a {b}", "c {b} {d}", 2, "other names in braces"),
        (("{number} a", "{number} b"), ("{number} c",), 2, "missing"),
        (("{number} a", "{number} b"), ("c", "{number} d"), 2, "other names in braces"),
        (("a", "{number} b"), ("c", "{number} d"), 2, None),
        (("a", "{number} b"), ("{number} c", "d"), 2, "other names in braces"),
        (("{number} a", "{number} b"), ("c",) * 6, 6, None),
        ("a {b}", "{b} c", 2, None),
    ],
)
def test_a_wrong_translation_is_noticed(
    source: object, translation: object, plurals: int, problem: str | None
) -> None:
    message, known = Message(source), Message(source, translation or "")
    found = message_problems(message, known if translation is not None else None, plurals)
    assert list(found) == ([problem] if problem else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_where_telegram_shows_them(language: str) -> None:
    with speaking(language):
        for _scope, menu in menus():
            check_commands([{"command": n, "description": text} for n, text in menu.items()])
        assert 0 < utf16_len(_(wording.DESCRIPTION)) <= 512
        assert 0 < utf16_len(_(wording.SHORT_DESCRIPTION)) <= 120


def test_no_text_of_the_interface_is_left_unmarked() -> None:
    found = [
        f"{path.relative_to(FOLDER)}:{line}: {text!r}"
        for path in sorted(FOLDER.rglob("*.py"))
        if is_interface(path)
        for line, text in unmarked_texts(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def is_interface(path: Path) -> bool:
    place = path.relative_to(FOLDER)
    if place.as_posix() in FOR_OPERATORS or place.parts[0] == "cli":
        return False
    return path.parent.name == "handlers" or "from bot.i18n.language import" in path.read_text(
        "utf-8"
    )


def unmarked_texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the literals of several words that are neither marked nor for the log or operators."""
    match tree:
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            return
        case ast.Call(func=function) if ast.unparse(function).rpartition(".")[2] in MARKS:
            return
        case ast.Call(func=function) if ast.unparse(function).startswith(("logger.", "re.")):
            return
        case ast.Constant(value=str(text)) if WORDS.search(text) and text not in BY_TELEGRAM:
            yield tree.lineno, text
    for child in ast.iter_child_nodes(tree):
        yield from unmarked_texts(child)


def test_every_marked_text_is_extracted() -> None:
    """The extractor does not look into f-strings, for one."""
    texts = {forms(message.id)[0] for message in extract() if message.id}
    marked = {
        call.args[0].value
        for package in (FOLDER, Path(index.__file__).parent)
        for path in package.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] in MARKS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert marked == texts
