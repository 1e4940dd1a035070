"""The catalogs of translations, made from the texts in the code.

`python -m bot.i18n.locale_tools update` enters new texts into every catalog, drops those that are
gone and names what has no translation; `check` only names it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n.language import DOMAIN, ENGLISH, FOLDER, LANGUAGES, catalog_path

ROOT = Path(__file__).parents[2]
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "Phrase": None, "counted": (1, 2)}
METHODS = [("bot/**.py", "python"), ("index/**.py", "python")]
# Catalogs change with the texts alone.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "# The texts of the interface. Made by `python -m bot.i18n.locale_tools update`."


def extract() -> Catalog:
    """Return the texts in the code, in order, with where they stand."""
    catalog = new_catalog(None)
    found = extract_from_dir(
        ROOT, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for path, _line, text, comments, _context in sorted(found, key=lambda item: item[:2]):
        # Lines would change with every edit.
        catalog.add(text, locations=[(path, 0)], auto_comments=comments)
    return catalog


def new_catalog(language: str | None) -> Catalog:
    """Return an empty catalog; None for the template."""
    return Catalog(
        locale=language,
        domain=DOMAIN,
        header_comment=HEADER,
        project=DOMAIN,
        creation_date=EPOCH,
        revision_date=EPOCH,
        last_translator=DOMAIN,
        language_team=DOMAIN,
        msgid_bugs_address=DOMAIN,
        version="1",
        fuzzy=False,
    )


def update() -> None:
    """Write the template and every catalog anew, keeping the translations of texts that remain."""
    template = extract()
    write(template, TEMPLATE)
    for language in translated_languages():
        path = catalog_path(language)
        old = read(language) if path.exists() else new_catalog(language)
        fresh = new_catalog(language)
        for message in template:
            if message.id:
                known = old.get(message.id)
                string = known.string if known and not known.fuzzy else None
                fresh.add(
                    message.id, string, message.locations, auto_comments=message.auto_comments
                )
        path.parent.mkdir(parents=True, exist_ok=True)
        write(fresh, path)


def read(language: str) -> Catalog:
    """Return the catalog of a language."""
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalog, in the same way each time."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False)


def problems() -> Iterator[str]:
    """Yield what is wrong with the catalogs, a line each."""
    template = extract()
    for language in translated_languages():
        catalog = read(language)
        for message in template:
            if message.id:
                known = catalog.get(message.id)
                yield from (
                    f"{language}: {problem}: {forms(message.id)[0]!r}"
                    for problem in message_problems(message, known, catalog.num_plurals)
                )
        yield from (
            f"{language}: no longer in the code: {forms(message.id)[0]!r}"
            for message in catalog
            if message.id and template.get(message.id) is None
        )


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


def translated_languages() -> list[str]:
    """Return the languages with a catalog."""
    return [language for language in LANGUAGES if language != ENGLISH]


def main(command: str) -> int:
    """Run a command; return how many problems there are."""
    if command == "update":
        update()
    found = list(problems())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return min(len(found), 1)


if __name__ == "__main__":
    if sys.argv[1:] not in (["update"], ["check"]):
        sys.exit("usage: python -m bot.i18n.locale_tools update|check")
    sys.exit(main(sys.argv[1]))
