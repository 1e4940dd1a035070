"""The words that ask, point back or open a message, in the languages of the interface."""

from __future__ import annotations

import re

from index.text.languages.question_words import QUESTION_WORDS, SPELLINGS
from index.text.languages.stop_words import STOP_WORDS
from index.text.question import ASKS, AUXILIARY
from index.text.stemming import fold

ENDS = " ?!.…？؟"
WORD = re.compile(r"[^\W_]+(?:['’-]\w+)*")
INTERROGATIVES = frozenset().union(
    *(words for language, words in QUESTION_WORDS.items() if language in STOP_WORDS)
)
"""Of the languages of the interface, as `fold` has them."""
_MERE_TEXT = """
is was were are did does do that this it so then
das es denn lo la eso esto ello ça cela ce c'est est-ce это ж же це این آن رو را ذلك هذا
"""
MERE = frozenset(map(fold, _MERE_TEXT.split()))
"""Words beside an interrogative that ask no more than it does alone."""
_BESIDE_TEXT = """
by since according from until till for to with in of at on else many much long often old far high
big one ones exactly not come true says said say happen happened other others there been be has have
had more
seit von bis viele viel lange oft noch sonst genau sagt sagte sagen gesagt hat
depuis jusqu'à encore autre autres dit l'a exactement
desde hasta por más otro otros dijo dice dicho exactamente
с до ещё сказал сказала сказали говорит говорят именно
з від ще сказав сказала сказали каже кажуть саме
دیگر دیگه گفت گفته گفتن گفتند می گوید میگه است هست بود
آخر أيضا قال قالت يقول تقول قالوا بالضبط
"""
BARE = INTERROGATIVES | MERE | frozenset(map(fold, _BESIDE_TEXT.split()))
_FURTHER_TEXT = "else noch sonst encore autre más otro ещё ще دیگر دیگه أيضا"
FURTHER = frozenset(map(fold, _FURTHER_TEXT.split()))
"""Words that ask for another answer than the one before, beside a question word."""
_WHY_TEXT = """
warum wieso weshalb weswegen por porqué xq pq pourquoi pk pkoi почему зачем отчего чому навіщо
чего чого چرا لماذا ليش ليه
"""
WHY = frozenset(map(fold, _WHY_TEXT.split()))
"""What asks for a reason, in other languages than English."""
REASON = re.compile(
    r"\b(?:weil|denn|wegen|aufgrund|grund|gründe?n?|damit|infolge|deshalb|daher|fehl(?:t|en)|"
    r"porque|debido|ya que|puesto que|por|para|falta(?:n)?|culp\w+|"
    r"parce qu|car|à cause|en raison|afin|puisque|faute|grâce|plus de|"
    r"потому|так как|поскольку|из-за|ввиду|вследствие|чтобы|причин\w+|ведь|нельзя|"
    r"бо|тому що|оскільки|через|щоб|внаслідок|адже|брак\w*|"
    r"چون|زیرا|دلیل|خاطر|علت|تا|لأن\w*|بسبب|نتيجة|لكي|حتى|جراء|لعدم)(?!\w)|:\s",
    re.IGNORECASE,
)
"""What may introduce a reason there."""
ASKING = re.compile(rf"(?:{ASKS}|{AUXILIARY})(?:['’]?s)?\b", re.IGNORECASE)
_QUESTION_WORD = "|".join(
    sorted(INTERROGATIVES.union(*(SPELLINGS[name] for name in STOP_WORDS)), key=len, reverse=True)
)
ASKED = re.compile(
    r"(?:(?:by|since|until|for|from|to|in|at|on) )?"
    rf"(?:(?:{_QUESTION_WORD})(?:['’]?s)?\b"
    r"(?: (?:many|much|long|often|old|far|high|viele|viel|lange|oft|de)\b| d['’])?\s*)+",
    re.IGNORECASE,
)
ASKED_AMID = re.compile(r"\s(?:چند|چقدر|چقدره|چه|چی|کی|کجا|چرا|چگونه|کیست|چیست|کدام)(?=\s|$)")
"""A Persian question word, which need not come first."""
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
_MEANT = (
    r"ich mein(?:t)?e|entschuldigung|me (?:refiero|refería) a|quise decir|quería decir|perd[oó]n|"
    r"je (?:voulais dire|veux dire|parle de)|pardon|d[ée]sol[ée]e?|я (?:про|о|об)|"
    r"я имел(?:а)? в виду|имел(?:а)? в виду|имею в виду|точнее|вернее|извини(?:те)?|"
    r"я ма(?:в|ла) на увазі|маю на увазі|точніше|вибач(?:те)?|перепрошую|ой|"
    r"منظورم|ببخشید|یعنی|أقصد|اقصد|قصدي|عفوا"
)
_CORRECTION = (
    rf"sorry|actually|rather|i mean(?:t)?|my bad|correction|not that(?: one)?|{_MEANT}|"
    r"no(?:pe)?(?=\s*[,.:]|\s+(?:i mean|sorry|not|in|on|at|for|the|what|who|when|where|how|why)\b)|"
    rf"(?:nein|non|no|нет|ні|نه|لا)(?=\s*[,.:،]|\s+(?:{_MEANT})\b)"
)
CORRECTION = re.compile(rf"(?:{_CORRECTION})\b|\*|not [^,]+,", re.IGNORECASE)
LEAD = re.compile(
    rf"[¿\s*]*(?:(?:{_CORRECTION}|and|n|nd|but|or|so|then|also|ok|okay|oh|ah|hm+|well|wait|now|hey|hi|hello|"
    r"und|aber|dann|y|pero|et|mais|donc|alors|а|и|но|ну|так|і|й|та|але|و|خب|پس|اما|ولی|لكن)\b"
    rf"[ ,.:،…]*|و(?=(?:{_QUESTION_WORD}|في|عن|إلى)\b))+",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:(?:what|how) about|was ist mit|wie steht es (?:um|mit)|qué (?:hay|pasa) (?:de|con)|"
    r"qu['’]en est-il d[eu]|et pour|что насч[её]т|что (?:со?|про)|как насч[её]т|"
    r"що (?:з|із|про)|"
    r"як щодо|درباره(?:‌ی| ی)?|در مورد|ماذا عن)\s+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[\s,]+(?:please|pls|plz|then|though|tho|again|mate|bro|lol|too|as well|instead|"
    r"btw|بود|denn|eigentlich))+$",
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
    r"в|во|на|для|из|к|с|об|по|от|за|з|із|до|від|про|у|در|از|به|برای|في|إلى|عن|منذ)\b",
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
