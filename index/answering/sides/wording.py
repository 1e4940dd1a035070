"""The words of a claim that matter, in a form in which other sources may have them."""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.terms import Analyzer, is_function_word

# Words of one meaning in news and reference works, or forms of one verb that no stemmer knows.
_SAME = """
kill die dead death fatal perish deadly
injure wound hurt casualty
capture seize take took taken fall fell fallen overrun conquer
build built construct erect rebuild
buy bought purchase acquire acquisition
sell sold sale
found establish founding
meet met
leave left depart
write wrote written author
start begin began begun launch
win won winner victory
lose lost loss
steal stole stolen theft
burn burnt destroy destroyed
reach arrive arrival
high height tall
long length last
cost price
old age
deep depth
wide width
far distance
live inhabit population
wed marry wife husband
resign quit
shoot shot fire
flee fled escape
freed free release
stop halt suspend
cancel scrap
hide hid hidden
speak spoke spoken
drive drove driven
sink sank sunk
break broke broken
find found
choose chose chosen
open reopen
accept approve agree
arrest detain
paint painter painting
crash collide collision
worker employee staff
attend attendance
firm company
""".strip()
_REPORTING = """
accord account accuse add admit allege announce answer argue ask assert call charge claim comment
confirm contradict deny describe dismiss dispute doubt explain insist maintain mention note official
point question refute reject repeat report reporter respond reveal rumour rumor say said source
spokesman spokeswoman spokesperson state statement story suggest tell told warn write wrote written
true untrue false lie lied baseless unfounded ever never still also however yet again
monday tuesday wednesday thursday friday saturday sunday
"""
_PREDICATE = re.compile(
    r"\b(?:had|has|have|was|were|is|are|been|be|being|did|does|do|will|would|could|can|may|might)"
    r"(?:n['’]t)?(?:\s(?:not|also|been|be|being|ever|never|already|still|now|\w+ly))*\s([a-z]+)"
)
NEGATED = re.compile(
    r"\b(?:not|never|no longer|nobody|none|neither|nor|no)\b|n['’]t\b", re.IGNORECASE
)
_GERUND = re.compile(r"^\s*(?:[a-z]+ly\s)?([a-z]+ing)\b")


class Wording:
    """Compares texts by the stems of the words that carry their claims."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._same: dict[str, str] = {}
        for line in _SAME.splitlines():
            stems = [stem for word in line.split() for stem in analyzer.terms(word)]
            for stem in stems:
                self._same.setdefault(stem, stems[0])
        self._reporting = frozenset(analyzer.terms(_REPORTING))
        self.content = lru_cache(maxsize=4096)(self._content)

    def _content(self, text: str) -> frozenset[str]:
        """The stems of a text but for function words and words of reporting."""
        return frozenset(
            self._same.get(stem, stem)
            for stem in self._analyzer.content_terms(text)
            if stem not in self._reporting and not is_function_word(stem) and len(stem) > 1
        )

    def all_content(self, text: str) -> frozenset[str]:
        """Return the stems of a text but for function words, those of one meaning as one."""
        stems = self._analyzer.content_terms(text)
        return frozenset(self._same.get(at, at) for at in stems if not is_function_word(at))

    def predicates(self, clause: str) -> frozenset[str]:
        """Return the stems of what a clause says that somebody did, as far as its form tells."""
        found = _PREDICATE.findall(clause) or _GERUND.findall(clause)
        return self.content(" ".join(found))

    def share(self, part: str, whole: str) -> float:
        """Return the share of the content of one text that another has, 0..1."""
        wanted = self.content(part)
        return len(wanted & self.content(whole)) / len(wanted) if wanted else 0.0


wording_of = lru_cache(maxsize=8)(Wording)
"""Returns the wording of an analyzer, made once, as it is asked for each question."""
