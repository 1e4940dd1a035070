"""Tells whether what a sentence says of a day has happened or is to come."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

import regex

Tense = Literal["past", "future"]

_CLAUSE = regex.compile(
    r"[,;:()“”\"«»—–]|\b(?:that|which|who|whom|when|while|after|before|because|but|although|and|"
    r"und|aber|dass|y|pero|et|mais|и|а|но|что|і|та|але|що|و|أن|إن|بأن|ثم|لكن|که)\b",
    regex.IGNORECASE,
)


class _Signs(NamedTuple):
    """Words of the past, of the future, and of neither; those of the last two come first."""

    past: str
    future: str
    unsure: str = r"(?!)"


_IRREGULAR = (
    "was|were|had|did|said|told|went|came|took|fell|fled|shot|began|broke|brought|built|bought|"
    "caught|chose|drew|drove|ate|felt|fought|found|flew|gave|got|grew|heard|held|hit|kept|knew|"
    "led|left|lost|made|meant|met|paid|ran|rose|sank|saw|sent|shook|spoke|spent|stood|stole|"
    "struck|swore|swept|thought|threw|understood|withdrew|woke|won|wrote|became|put"
)
_NO_VERBS = (
    "hundred|speed|indeed|need|seed|feed|breed|exceed|proceed|succeed|united|red|bed|shed|sacred|"
    "armed|unprecedented"
)
_GERMAN_PAST = (
    "war|waren|wurden?|hatten?|hat|haben|kam|kamen|ging|gingen|fiel|fielen|starb|starben|nahm|"
    "nahmen|traf|trafen|gab|gaben|fand|fanden|begann|begannen|verlor|verloren|schrieb|schoss|"
    "griff|griffen|brach|brachen|floh|flohen|sprach|trat|traten|wies|rief|riefen|zog|zogen|"
    "hielt|gewann|musste|wusste|brachten?|zerstörten?|schrieben|sprachen|schossen|wiesen|zogen|"
    "hielten|gewannen|mussten|wussten|stand|standen|lief|liefen|fuhr|fuhren|sah|sahen|ließ|ließen|blieb|"
    "blieben|schlug|schlugen|trug|trugen|schloss|schlossen|stieg|stiegen|sank|sanken|erschien|"
    "erschienen|bat|baten|warf|warfen"
)
_GERMAN_NO_VERBS = (
    "heute|bitte|leute|seite|mitte|alten?|guten?|roten?|weiten?|späten?|zweiten?|vierten?|"
    "rechten?|harten?|zarten?|letzten?|dritten?|bekannten?|gesamten?|sogenannten?"
)
_SIGNS = {
    "en": _Signs(
        past=rf"(?:{_IRREGULAR}|(?!(?:{_NO_VERBS})\b)\w{{2,}}ed)",
        future=(
            r"(?:will|shall|won['’]t)(?: not| also)?(?: be)? \w+|\w+['’]ll(?: be)? \w+"
            r"|(?:is|are)(?: \w+ly)? (?:going to|due|set to|scheduled|expected|about to|to)"
            r"(?: be)?(?: \w+)?|plans? to \w+"
        ),
        unsure=(
            r"(?:would|could|should|might|may|must|can|cannot)(?: not)?(?: be| have)?(?: been)? \w+"
            r"|(?:was|were|had been)(?: \w+ly)? (?:going to|due|set to|scheduled|expected"
            r"|planned|to)(?: be)?(?: \w+)?|(?:planned|scheduled|expected|due)|to(?: be)? \w+"
            r"|(?:is|are|be|being) (?:\w+ed|held|made|met|shot|built)"
        ),
    ),
    "de": _Signs(
        past=rf"(?:{_GERMAN_PAST}|(?!(?:{_GERMAN_NO_VERBS})\b)(?-i:[a-zäöü]\w*(?<!s)ten?))",
        future="wird|werden|werde",
        unsure="soll|sollen|will|wollen|sollten?|wollten?|würden?|könnten?|möchten?|kann|können",
    ),
    "es": _Signs(
        past="fue|fueron|era|eran|estaban?|había|habían|ha|han|dijo|hizo|tuvo|vino|murió|dio|"
        r"\w{2,}(?:ó|aron|ieron|jeron|aba|aban)",
        future=r"(?:va|van) a \w+|\w{2,}(?:rá|rán)",
        unsure=r"\w{2,}rían?|para \w+r|debía|iban? a \w+",
    ),
    "fr": _Signs(
        past=r"(?:a|ont|avait|avaient|est|sont|était|étaient|s['’]est|se sont)(?: \w+ment)?"
        r"(?: été)? \w+(?:ée?s?|is?e?|it|us?|ues?|ert|ort)|fut|furent|était|étaient",
        future=r"(?:va|vont) \w+r|\w{2,}(?:era|eront|ira|iront|dra|dront)|sera|seront",
        unsure=r"\w{2,}(?:rait|raient)|devait|devaient|doit|doivent|pour \w+r",
    ),
    "ru": _Signs(
        past=r"(?!(?:школа|стол|дела|сила|села|тела|начало|число|мало|после|или|если)\b)"
        r"\w{2,}(?:л|ла|ло|ли)(?:с[ья])?|был[аои]?",
        future="будет|будут|буду|будем",
        unsure=r"бы|долж\w+|мо(?:жет|гут)|планиру\w+|намерен\w*|собира\w+",
    ),
    "uk": _Signs(
        past=r"(?!(?:школа|діла|сила|села|тіла|число|мало|або|коли)\b)"
        r"\w{2,}(?:ав|ив|ув|ла|ло|ли)(?:с[ья])?|бу(?:в|ла|ло|ли)",
        future="буде|будуть",
        unsure=r"би|ма(?:є|ють)|мо(?:же|жуть)|плану\w+|збира\w+",
    ),
    "fa": _Signs(
        past=r"\w*(?:کرد|شد|گفت|بود|داد|رفت|آمد|گرفت|کشت|افزود|نوشت|رسید|یافت|خواند)(?:ند|ه)?",
        future=r"خواه(?:د|ند)\s\w+",
    ),
    "ar": _Signs(
        past=r"و?(?:قال|أعلن|أكد|كان|ذكر|أفاد|وصل|قتل|قُتل|سيطر|نفى|صرح|استولى|وقع|شهد|بدأ|"
        r"التقى|اتهم|أصيب|غادر|هاجم|استقال|فر|نفذ|انسحب|توفي|أضاف|أوضح|زار)(?:ت|وا|ا)?|نفت|استولت"
        r"|و?\w{3,}تم",
        future=r"سوف|س[يتن]\w{3,}",
    ),
}


def tense_at(sentence: str, start: int, end: int, language: str) -> Tense | None:
    """Return the tense in which a sentence speaks of a day in [start, end); None if in doubt.

    What stands before the day in its clause counts most, then what stands behind it there, then
    the sentence.
    """
    found = list(_signs(language).finditer(sentence))
    borders = [border.span() for border in _CLAUSE.finditer(sentence)]
    first = max((stop for _at, stop in borders if stop <= start), default=0)
    last = min((at for at, _stop in borders if at >= end), default=len(sentence))
    for low, high in ((first, last), (0, len(sentence))):
        before = [sign for sign in found if low <= sign.start() and sign.end() <= start]
        behind = [sign for sign in found if end <= sign.start() and sign.end() <= high]
        signs = [*before[-1:], *behind[:1]]
        if low != first:
            signs = [*behind[:1], *before[-1:]]
        if signs:
            kind = signs[0].lastgroup
            return "past" if kind == "past" else "future" if kind == "future" else None
    return None


@cache
def _signs(language: str) -> regex.Pattern[str]:
    signs = _SIGNS[language]
    return regex.compile(
        rf"(?<!\w)(?:(?P<future>{signs.future})|(?P<unsure>{signs.unsure})|(?P<past>{signs.past}))"
        r"(?!\w)",
        regex.IGNORECASE,
    )
