"""Example questions, made of sentences that answer them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from index.core.answers import Answer
from index.core.documents import Paragraph, Span
from index.core.scope import Scope
from index.search.languages import choose
from index.store.store import Store
from index.text.sentences import split_sentences

_TRIED = 12
_PASSAGES = 100
_MAX_KNOWN = 200
_MIN_CONFIDENCE = 0.8
_MIN_WORDS, _MAX_CHARS = 4, 90

_NAME = r"[A-Z][\w’-]+(?: (?:(?:of|de|van|von|al|bin) )?[A-Z][\w’-]+){0,4}"
_PAST = (
    r"(?:\w{3,}ed|fled|fell|won|lost|took|came|went|left|held|met|rose|grew|ran|built|bought|sold"
    r"|wrote|found|paid|led|cut|drove|gave|made|sent|began|broke)"
)
_BE = r"(?:was|were|is|are|has been|had been|have been)"
_PARTICIPLE = (
    r"(?:\w{3,}ed|built|held|found|sold|bought|born|made|cut|written|taken|begun|lost|won)"
)
_NUMBER = (
    r"(?:(?:more than|fewer than|about|around|at least|some|nearly|almost|over) )?"
    r"(?:\d{1,3}(?:,\d{3})+|(?!(?:1[5-9]|20)\d\d\b)\d{1,6}|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|hundreds of|thousands of)"
)
_DAY = (
    r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?: \d{1,2})?(?:,? \d{4})?"
    r"|(?:1[5-9]|20)\d\d"
)
_END = (
    r"(?=[,;:.—–]| (?:as|while|after|when|before|because|since|saying|which|who|that|and|but|or)\b)"
)
_THING = r"(?:The|A|An|[A-Z])[\w’-]*(?: (?!was |were |is |are |has |had )[\w’-]+){0,6}?"

_KINDS = {
    "How many {what} {did}?": (
        rf"(?i:(?:^|, | that ){_NUMBER}) (?P<what>(?:[\w’-]+ ){{1,4}}?)"
        rf"(?P<did>(?:{_BE}|{_PAST}) [\w’ -]+?){_END}"
    ),
    "When {is} {subject} {done}{more}?": (
        rf"^(?P<subject>{_THING}) (?P<is>was|were) (?P<done>{_PARTICIPLE})"
        rf"(?P<more>(?: [\w’-]+)*?) (?:on|in) (?:{_DAY})\b"
    ),
    "Why {is} {subject} {done}{more}?": (
        rf"^(?P<subject>{_THING}) (?P<is>was|were|is|are) (?P<done>{_PARTICIPLE})"
        r"(?P<more>(?: [\w’-]+)*?) because\b"
    ),
    "Who {did}?": (
        rf"^[\w’ -]*?{_NAME} (?P<did>(?!said|told|added){_PAST} "
        rf"(?:the|a|an|all|{_NUMBER}|[A-Z][\w’-]+) [\w’ -]+?){_END}"
    ),
    "How many {what} {has} {subject} {done}{more}?": (
        rf"(?P<subject>(?:[Tt]he )?{_NAME}|[Tt]he [\w’-]+) (?P<has>has|have|had)"
        rf" (?P<done>{_PARTICIPLE}) {_NUMBER} (?P<what>[\w’-]+)(?P<more>(?: [\w’-]+){{0,4}}?){_END}"
    ),
    "What did {subject} say?": (
        r"(?P<subject>[A-Z][\w’-]+ [A-Z][\w’-]+) (?:said|told)\b"
        r"|\bsaid (?P<other>[A-Z][\w’-]+ [A-Z][\w’-]+)"
    ),
}
_TEMPLATES = tuple((question, re.compile(sentence)) for question, sentence in _KINDS.items())
"""The kinds of questions, the surest first, each with that of the sentences that answer it."""

_ARTICLE = re.compile(r"^(?:The|An?)\b")
_VAGUE = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those|there|here|we|us"
    r"|our|you|your|i|my|another|other|others|former|latter)\b",
    re.IGNORECASE,
)


class Examples:
    """Three questions per group of collections, cached until the documents change."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}

    def of(
        self, collections: tuple[str, ...], store: Store, ask: Callable[[str, Scope], Answer]
    ) -> tuple[str, ...]:
        """Return up to three questions that these documents answer.

        They are in English, so there are none if most documents are in another language.
        """
        revision = store.revision()
        known = self._known.pop(collections, None)
        if known is None or known[0] != revision:
            counts = store.languages(collections)
            spoken = choose({tag: number for tag, number in counts.items() if tag is not None})
            is_english = spoken[:1] in {(), ("en",)}
            texts = store.passages.sample(collections, _PASSAGES) if is_english else []
            scope = Scope(collections)
            questions = example_questions(texts, lambda question: ask(question, scope))
            known = revision, questions
        self._known[collections] = known  # as the last one
        while len(self._known) > _MAX_KNOWN:
            del self._known[next(iter(self._known))]
        return known[1]


def example_questions(
    texts: Sequence[str], ask: Callable[[str], Answer], count: int = 3
) -> tuple[str, ...]:
    """Return up to `count` questions, of several kinds, that sentences of English texts answer.

    Each is asked, and kept only if the first quote is surely an answer and has its sentence.
    """
    kept: list[str] = []
    used: set[str] = set()
    for question, sentence in list(_in_turn(texts))[:_TRIED]:
        if len(kept) == count:
            break
        if sentence in used:
            continue
        answer = ask(question)
        is_sure = answer.answered and answer.confidence >= _MIN_CONFIDENCE
        if is_sure and sentence in answer.quotes[0].text:
            kept.append(question)
            used.add(sentence)
    return tuple(kept)


def _in_turn(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield questions with their sentences, one of each kind before the next of any."""
    kinds: list[dict[str, str]] = [{} for _template in _TEMPLATES]
    for text in texts:
        for sentence in split_sentences(text, [Paragraph(Span(0, len(text)))]):
            words = sentence.span.cut(text)
            for made, (template, pattern) in zip(kinds, _TEMPLATES, strict=True):
                found = pattern.search(words)
                if found is not None and (question := _fill(template, found)):
                    made.setdefault(question, words)
    for row in zip_longest(*(made.items() for made in kinds)):
        yield from filter(None, row)


def _fill(template: str, found: re.Match[str]) -> str:
    """Return the question that a sentence answers, "" if it would not be clear by itself."""
    parts = {name: (text or "").rstrip() for name, text in found.groupdict().items()}
    subject = parts.get("subject") or parts.get("other", "")
    parts["subject"] = _ARTICLE.sub(lambda article: article[0].lower(), subject)
    question = template.format(**parts)
    is_whole = len(question.split()) >= _MIN_WORDS and len(question) <= _MAX_CHARS
    return question if is_whole and not _VAGUE.search(question) else ""
