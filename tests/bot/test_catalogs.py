"""Every text exists in every language, fits where it is shown, and none is left unmarked."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

import bot
import index
from bot.i18n.language import DOMAIN, ENGLISH, FOLDER, LANGUAGES, _, catalog_path, speaking
from bot.telegram.profile import menus
from bot.telegram.rendering.message import utf16_len
from bot.texts.answers import DESCRIPTION, SHORT_DESCRIPTION, refusal
from index.core.lazy_text import Phrase
from tests.botapi.limits import check_commands

CODE = Path(bot.__file__).parent
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
MARKS = {"_": 1, "N_": 1, "ngettext": 2, "Phrase": 1, "counted": 2}
"""Functions that mark texts, with the number of forms that they take."""
WORDS = re.compile(r"[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")
# The language of operators is English.
BY_TELEGRAM = {"query is too old", "not found", "file is too big"}
FOR_OPERATORS = {"telegram/processor.py", "settings.py"}


def test_nothing_is_missing_fuzzy_or_outdated() -> None:
    template = read(TEMPLATE)
    problems = []
    for language in LANGUAGES.keys() - {ENGLISH}:
        catalog = read(catalog_path(language), language)
        for message in template:
            if message.id:
                found = message_problems(message, catalog.get(message.id), catalog.num_plurals)
                problems += [f"{language}: {problem}: {message.id!r}" for problem in found]
        outdated = [message.id for message in catalog if template.get(message.id) is None]
        problems += [f"{language}: no longer in the code: {text!r}" for text in outdated if text]
    assert problems == [], "run `make locale` and translate"


@pytest.mark.slow
def test_the_template_has_the_texts_of_the_code() -> None:
    """The extractor does not look into f-strings, for one."""
    marked = {
        texts[0] if len(texts) == 1 else texts
        for tree in code().values()
        for texts in marked_texts(tree)
    }
    assert marked == {message.id for message in read(TEMPLATE) if message.id}


def marked_texts(tree: ast.AST, marks: Mapping[str, int] = MARKS) -> Iterator[tuple[str, ...]]:
    """Yield each text that is given as a literal to a mark, with its plural if it has one."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        forms_given = marks.get(ast.unparse(call.func).rpartition(".")[2], 0)
        literals = [arg.value for arg in call.args[:forms_given] if isinstance(arg, ast.Constant)]
        if literals:
            yield tuple(literals)


@cache
def code() -> dict[Path, ast.Module]:
    """Return what the files of the code say; to parse them takes seconds."""
    paths = [
        path for package in (bot, index) for path in Path(package.__file__).parent.rglob("*.py")
    ]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return the phrases of the code, filled in."""
    return tuple(
        Phrase(texts[0], **dict.fromkeys(fields(texts[0]), "x"))
        for tree in code().values()
        for texts in marked_texts(tree, {"Phrase": 1})
    )


@cache
def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def message_problems(message: Message, known: Message | None, plurals: int) -> Iterator[str]:
    """Yield what is wrong with the translation of a text."""
    strings = forms(known.string) if known else ()
    expected = plurals if isinstance(message.id, tuple) else 1
    if known is None or len(strings) != expected or not all(strings):
        yield "missing"
    elif known.fuzzy:
        yield "fuzzy"
    else:
        singular, plural = fields(forms(message.id)[0]), fields(forms(message.id)[-1])
        for position, text in enumerate(strings):
            needed = singular if expected == 2 and position == 0 else plural
            # In six forms, those for one or two may say so in words.
            if expected == 6:
                needed = needed - {"number"}
            if not needed <= fields(text) <= plural:
                yield "other names in braces"
                break


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return the plural forms of a text, or the text alone."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def fields(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name and name.isidentifier()}


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


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_begins_with_a_capital(language: str) -> None:
    """Unless it follows a name or begins with one; Persian and Arabic have no capitals."""
    with speaking(language):
        said = [refusal(text) for text in phrases() if not text.template.startswith("{")]
    catalog = read(TEMPLATE if language == ENGLISH else catalog_path(language), language)
    for message in catalog:
        first = forms(message.id)[0]
        if first[:1].isupper() or (first[:1].isalpha() and first.endswith((".", ":", "?"))):
            said += forms(first if language == ENGLISH else message.string)
    assert len(said) > 200
    assert [text for text in said if text[:1].islower()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_fit_where_telegram_shows_them(language: str) -> None:
    with speaking(language):
        for _scope, menu in menus():
            check_commands([{"command": n, "description": text} for n, text in menu.items()])
        assert 0 < utf16_len(_(DESCRIPTION)) <= 512
        assert 0 < utf16_len(_(SHORT_DESCRIPTION)) <= 120


def test_no_text_of_the_interface_is_left_unmarked() -> None:
    found = [
        f"{path.relative_to(CODE)}:{line}: {text!r}"
        for path, tree in sorted(code().items())
        if CODE in path.parents and is_interface(path)
        for line, text in unmarked_texts(tree)
    ]
    assert found == []


def is_interface(path: Path) -> bool:
    place = path.relative_to(CODE)
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
        case ast.Call(args=[ast.Attribute(value=ast.Name(id="logger")), *_]):
            return
        case ast.Constant(value=str(text)) if WORDS.search(text) and text not in BY_TELEGRAM:
            yield tree.lineno, text
    for child in ast.iter_child_nodes(tree):
        yield from unmarked_texts(child)
