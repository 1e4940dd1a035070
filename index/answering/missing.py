"""Finds what a question names and the passages found for it do not mention."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from index.attribution.speakers import TITLES
from index.core.answers import Quote
from index.core.documents import Passage
from index.reader.anchor_match import mentions_of, named, names_in
from index.search.spelling import searched_text
from index.text.anchors import Anchor, Mentions, find_anchors
from index.text.language import base
from index.text.languages.lexicon import is_common, is_form
from index.text.languages.places import is_place, place_names
from index.text.languages.scripts import NOUNS_WITH_CAPITALS
from index.text.languages.stop_words import STOP_WORDS
from index.text.question import as_question
from index.text.sounds import sounds_in
from index.text.stories import Told
from index.text.terms import Analyzer, is_function_word, plain

_FULL_NAME = 2
_CELL_BORDER = " | "
_APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\W\d_]+")
_ELIDED = re.compile(r"^\w{1,2}['’]")
"""As in d'Espagne and l'Angola."""


def find_missing(
    question: str,
    passages: Iterable[Passage],
    unknown: Collection[str] = (),
    stop_words: Collection[str] = (),
) -> list[Anchor]:
    """Return the anchors of a question that no passage mentions, in order, each once.

    Words that are `unknown` count as names, however they are written. `stop_words` of the
    question's language are no names. Without passages, nothing is missing.
    """
    # In English, capitals tell WHO from who.
    no_names = set(stop_words) - STOP_WORDS["en"]
    anchors = [
        anchor
        for anchor in find_anchors(question)
        # "Qu'est" is elided of two.
        if not no_names.issuperset(_APOSTROPHE.split(anchor.text.casefold()))
    ]
    wanted = [*anchors, *named(question, unknown)]
    is_any_read = False
    for passage in passages:
        is_any_read = True
        if not wanted:
            break
        mentions = mentions_of(passage)
        wanted = [anchor for anchor in wanted if _is_missing(anchor, mentions)]
    missing: dict[str, Anchor] = {}
    for anchor in sorted(wanted if is_any_read else [], key=lambda anchor: anchor.span.start):
        if not any(known.span.covers(anchor.span) for known in missing.values()):
            missing.setdefault(anchor.text.casefold(), anchor)
    return list(missing.values())


def find_missing_across(
    question: str,
    passages: Sequence[Passage],
    names: Iterable[str],
    stop_words: Collection[str],
    tongue: str,
) -> list[Anchor]:
    """Return the anchors of a question in `tongue` that passages in others do not mention.

    Names are compared by their sound, countries and large cities, of `names` as well, as the
    languages of the passages call them. Those that may be translated are left out: of common words,
    such as titles, and all where any noun is written like a name.
    """
    places = [name for name in names if is_place(name, tongue)]
    missing = find_missing(question, passages, places, stop_words)
    told = [" ".join((searched_text(passage), *_people_in(passage))) for passage in passages]
    tags = {passage.document.metadata.language or "en" for passage in passages}
    are_nouns = base(tongue) in NOUNS_WITH_CAPITALS

    def is_told(word: str) -> bool:
        if is_place(word, tongue):
            others = {name for tag in tags for name in place_names(word, tongue, tag)}
        elif are_nouns or is_form(word, [tongue]):
            return True
        else:
            others = {word}
        return any(
            all(sounds_in(part, text) for part in name.split()) for name in others for text in told
        )

    return [
        anchor
        for anchor in missing
        if anchor.kind != "name" or not any(is_told(_ELIDED.sub("", key)) for key in anchor.keys)
    ]


def names_another(
    question: str, quote: Quote, passages: Iterable[Passage], analyzer: Analyzer
) -> bool:
    """Whether a question has a word that other passages write as a name, and a quote's lacks.

    "Who is head of the port district" is not answered by the head of the garden district. With
    capitals, names are told by these; in English, where they keep their form, the reader compares
    them.
    """
    if not question.islower():
        return False
    among = list(passages)
    of_quote = [
        passage
        for passage in among
        if passage.document.id == quote.document.id and passage.span.covers(quote.span)
    ]
    told = {term for passage in of_quote for term in _terms(passage, analyzer)}
    lacking = [forms for forms in analyzer.content_forms(question) if told.isdisjoint(forms)]
    others = [passage for passage in among if passage not in of_quote] if lacking and told else []
    return any(
        not _names(passage, analyzer).isdisjoint(forms) for passage in others for forms in lacking
    )


def _terms(passage: Passage, analyzer: Analyzer) -> list[str]:
    text = " ".join((searched_text(passage), *_people_in(passage)))
    return analyzer.terms(text, passage.document.metadata.language)


def _names(passage: Passage, analyzer: Analyzer) -> frozenset[str]:
    """The terms of the words that a passage writes with a capital, though no sentence begins there.

    In a table each cell counts. There are none if all nouns have a capital.
    """
    if base(passage.document.metadata.language or "") in NOUNS_WITH_CAPITALS:
        return frozenset()
    sentences = (passage.cut(sentence.span) for sentence in passage.sentences)
    words = (word for text in sentences for word in _WORD.findall(text)[_CELL_BORDER not in text :])
    capitals = (word for word in words if word[0].isupper())
    return frozenset(analyzer.terms(" ".join(capitals), passage.document.metadata.language))


def _people_in(passage: Passage) -> Iterator[str]:
    for name in (passage.document.metadata.author, passage.document.metadata.publisher):
        yield name or ""
    for entry in passage.entries:
        yield entry.speaker.text if entry.speaker else ""


def find_about(missing: Sequence[Anchor], question: str, quote: Quote) -> str | None:
    """Return what a quote has in place of the first missing year, date, number or ordinal.

    That is a piece of the quote, or the year in which its document was published.
    """
    anchor = next((anchor for anchor in missing if anchor.kind != "name"), None)
    if anchor is None:
        return None
    for other in find_anchors(quote.text):
        if _is_in_place_of(anchor, question, other, quote.text):
            return other.text
    published = quote.source.metadata.published
    if published and anchor.is_time and _has_year(anchor):
        return None if str(published.year) in anchor.keys else str(published.year)
    return None


def names_something_known(question: str, missing: Sequence[Anchor]) -> bool:
    """Whether a question has a name that is not missing, or else none that is."""
    lost = [anchor for anchor in missing if anchor.kind == "name"]
    return not lost or any(
        anchor.kind == "name" and not any(name.span.overlaps(anchor.span) for name in lost)
        for anchor in find_anchors(question)
    )


def is_on_story(
    told: Told, names: Iterable[str], passages: Sequence[Passage], quote: Quote
) -> bool:
    """Whether a quote that answers a question may be about the story around it.

    It is not if the question names nothing, and what was found of the document nothing of what the
    story names. `names` are those in small letters that no passage has.
    """
    question = as_question(told.question)
    if find_anchors(question) or (question.islower() and names_in(question, passages)):
        return True
    anchors = [*find_anchors(told.story), *named(told.story, names)]
    # A word that opens a sentence is seldom a name.
    anchors = [anchor for anchor in anchors if not is_common(anchor.text)]
    around = [mentions_of(it) for it in passages if it.document.id == quote.document.id]
    return not anchors or any(not _is_missing(anchor, it) for anchor in anchors for it in around)


def is_of_namesake(question: str, quote: Quote, passages: Iterable[Passage]) -> bool:
    """Whether a quote is about somebody else of that name: Ruth Lee for Ann Lee.

    It has no part of the first name that the question has, nor has its title or heading.
    """
    above = f"{quote.source.metadata.title or ''}\n{quote.section}"
    said = [anchor for anchor in find_anchors(f"{above}\n{quote.text}") if anchor.kind == "name"]
    words = {key for anchor in said for key in anchor.keys}
    asked = set(map(plain, _WORD.findall(question)))
    if not any(len(anchor.keys) == _FULL_NAME and anchor.keys[1] in asked for anchor in said):
        return False
    names = [anchor for anchor in find_anchors(question) if anchor.kind == "name"]
    if question.islower():
        names += names_in(question, passages)
    return any(_has_other_first_name(name, said, words) for name in names)


def _has_other_first_name(name: Anchor, said: Sequence[Anchor], words: Collection[str]) -> bool:
    if len(name.keys) != _FULL_NAME or name.keys[0] in TITLES or name.keys[0] in words:
        return False
    first, last = name.keys
    alike = [other for other in said if other.keys[-1] == last]
    return bool(alike) and all(
        len(other.keys) == _FULL_NAME
        and other.keys[0] not in TITLES
        # Or it is a short form: Tom and Thomas.
        and other.keys[0][0] != first[0]
        for other in alike
    )


def _is_missing(anchor: Anchor, mentions: Mentions) -> bool:
    """Whether nothing of a name is mentioned, or not all of a date."""
    lack = mentions.lack(anchor)
    return lack == 1.0 if anchor.kind == "name" else lack > 0


def _is_in_place_of(anchor: Anchor, text: str, other: Anchor, other_text: str) -> bool:
    """Whether the other anchor is of the same type; two numbers must count the same."""
    if anchor.is_time:
        return other.is_time and (anchor.kind == "date" or _has_year(other))
    is_alike = other.kind == anchor.kind
    return is_alike and not _beside(text, anchor).isdisjoint(_beside(other_text, other))


def _has_year(anchor: Anchor) -> bool:
    return any(key[:4].isdigit() and len(key) >= 4 for key in anchor.keys)


def _beside(text: str, anchor: Anchor) -> set[str]:
    """The words right before and after an anchor."""
    before = _WORD.findall(text[: anchor.span.start])[-1:]
    after = _WORD.findall(text[anchor.span.end :])[:1]
    return {plain(word) for word in (*before, *after) if not is_function_word(word)}
