"""The words that ask, point back or open a message, in the languages of the interface."""

from __future__ import annotations

import re

ENDS = " ?!.…？؟"
WORD = re.compile(r"[^\W_]+(?:['’-]\w+)*")
INTERROGATIVES = frozenset(
    "who whom whose what which when where why how "  # noqa: SIM905, a list of words to read
    "wer wen wem was wann wo woher wohin warum wieso wie welche welcher welches "
    "qui quoi quand où pourquoi comment combien quel quelle "
    "quién quien qué que cuándo cuando dónde donde cómo como cuánto cuántos cuántas "
    "кто кого что когда где куда откуда почему зачем как сколько "
    "хто кого що коли де куди звідки чому як скільки "
    "چه چرا کی کجا چگونه چند چقدر کدام متى أين لماذا كيف كم ماذا".split()
)
MERE = frozenset("is was were are did does do that this it so then".split())  # noqa: SIM905
"""Words beside an interrogative that ask no more than it does alone."""
BARE = (
    INTERROGATIVES
    | MERE
    | frozenset(
        "by since according from until till for to in with of at on else many much long "  # noqa: SIM905
        "often old far high big one ones exactly not come true says said say happen happened "
        "other others there been be has have had more "
        "seit von bis viele viel lange oft depuis jusqu'à desde hasta por с до з".split()
    )
)
ASKING = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should)(?:['’]?s)?\b",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"(?:(?:by|since|until|for|from|to|in|at|on) )?(?:"
    + "|".join(sorted(INTERROGATIVES, key=len, reverse=True))
    + r")(?:['’]?s)?\b(?: (?:many|much|long|often|old|far|high|viele|viel|lange|oft)\b)?",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"(?:please |pls |plz )?(?:summari[sz]e|tell|explain|list|show|describe|give|find|search|look|"
    r"translate|compare|read|write|send|help|define|check|remember|see|let)\b",
    re.IGNORECASE,
)
"""What begins a message that is whole without being a question."""
MORE = re.compile(
    r"(?:(?:tell|show|give) (?:me|us) )?(?:(?:some|any) ?)?(?:thing |body |one )?"
    r"(?:more|else|others?)(?: (?:about|on) (?:it|that|this|them|him|her))?|go on",
    re.IGNORECASE,
)
_CORRECTION = (
    r"sorry|actually|rather|i mean(?:t)?|my bad|correction|not that(?: one)?|"
    r"no(?:pe)?(?=\s*[,.:]|\s+(?:i mean|sorry|not|in|on|at|for|the|what|who|when|where|how|why)\b)"
)
CORRECTION = re.compile(rf"(?:{_CORRECTION})\b|\*|not [^,]+,", re.IGNORECASE)
LEAD = re.compile(
    rf"[¿\s*]*(?:(?:{_CORRECTION}|and|n|nd|but|or|so|then|also|ok|okay|oh|ah|hm+|well|wait|now|hey|hi|hello|"
    r"und|aber|y|et|mais|а|и|но|та|але|و)\b[ ,.:…]*)+",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:(?:what|how) about|was ist mit|qué hay de|qu'en est-il de|что насчёт|що з)\s+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,]+(?:please|pls|plz|then|though|tho|again|mate|bro|lol|too|as well|instead|btw))+$",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|"
    r"one|ones)\b",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"\b(?:in|on|at|to|from|for|of|by|with|near|against|according to|after|before|during|about|"
    r"im|am|auf|bei|für|von|nach|zu|mit|aus|en|à|au|aux|dans|pour|du|par|avec|chez|sur|para|por|del|con|"
    r"в|во|на|для|из|к|с|об|по|от|за|з|із|до|від|про)\b",
    re.IGNORECASE,
)
_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ]"
DETERMINED = re.compile(r"\b(?:the|a|an|his|her|their|its|this|that)\s+", re.IGNORECASE)
NAME = re.compile(rf"(?<!^)\b{_CAPITAL}[\w’'-]*(?: (?:of |the |de |al-)?{_CAPITAL}[\w’'-]*)*")
DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{4})\b",
    re.IGNORECASE,
)
PRONOUNS = frozenset(
    "anyone anybody anything someone somebody something everyone else one ones lot "  # noqa: SIM905
    "besides except apart happen happens happened going exactly".split()
)
"""Words of which an answer need not speak."""
_SHORTHAND = {
    "wat": "what", "wot": "what", "wut": "what", "wen": "when", "whn": "when", "wer": "where",
    "wher": "where", "whr": "where", "wich": "which", "hw": "how", "hwo": "how", "y": "why",
    "abt": "about", "abut": "about", "bout": "about", "ppl": "people", "n": "and", "r": "are",
    "whos": "who is", "whats": "what is", "wheres": "where is", "whens": "when is",
    "hows": "how is", "whys": "why is",
}  # fmt: skip
_FORMS = """
became become, began begin, bought buy, brought bring, built build, came come, chose choose
chosen, died die dead death, fell fall fallen, felt feel, fled flee, flew fly, found find, fought
fight, gave give given, got get, grew grow, held hold, kept keep, knew know known, led lead, left
leave, lost lose, made make, meant mean, met meet, paid pay, ran run, rose rise, sang sing, saw
see seen, sent send, slept sleep, sold sell, spoke speak, spent spend, stole steal, taught teach,
thought think, told tell, took take taken, went go gone, won win, wrote write written, men man,
women woman, children child kids
"""
FORMS = tuple(tuple(forms.split()) for forms in _FORMS.split(","))
"""Irregular forms of the same words."""


def begins_asking(text: str) -> bool:
    """Whether a text begins as an English question does."""
    return bool(ASKING.match(text.lstrip()))


def spelt_out(text: str) -> str:
    """Return an English text with the question words that people shorten in a chat."""
    return WORD.sub(lambda found: _SHORTHAND.get(found[0].casefold(), found[0]), text)
