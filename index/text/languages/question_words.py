"""Words that ask, by language, as people type them: inflected, shortened, without accents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.text.languages.stop_words import STOP_WORDS
from index.text.stemming import fold

_LISTS = {
    "en": """
who whom whose what which when where why how whos whats wheres whens whys hows who's what's where's
when's why's how's
""",
    "de": """
wer wen wem wessen was wann wo woher wohin warum wieso weshalb weswegen wie wieviel wieviele welche
welcher welches welchen welchem wozu wofür wovon worüber worum womit wodurch woran worauf
""",
    "es": """
quién quiénes qué cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas porqué xq pq
""",
    "fr": """
qui que quoi quand où pourquoi comment combien quel quelle quels quelles lequel laquelle lesquels
lesquelles pk pq pkoi koi
""",
    "ru": """
кто кого кому кем ком что чего чему чем чём когда где куда откуда почему зачем отчего как сколько
скольких скольким какой какая какое какие какого каких каким какую каком какими который которая
которое которые чей чья чьё чьи насколько шо чо чё скока скоко пачему
""",
    "uk": """
хто кого кому ким що чого чому чим коли де куди звідки навіщо як скільки скількох який яка яке які
якого яких яким яку якій якою якими котрий котра котре котрі котрого котрій котрою чий чия чиє чиї
наскільки шо чо скіки
""",
    "fa": """
چه چی چرا کی کیه کیا کیست چیست چیه کجا کجاست کجاس چگونه چطور چطوری چند چندتا چنده چندمین چقدر چقدره
کدام کدوم کدامیک آیا
""",
    "ar": """
من مين متى إمتى امتى أين فين وين لماذا ليش ليه كيف شلون كم قديش ماذا ما ماهي ماهو شو
ايش إيش أي أية هل
""",
    "nl": "wie wat waar wanneer waarom hoe hoeveel welke wiens",
    "it": "chi che cosa quando dove perché come quanto quanta quanti quante quale quali",
    "pt": "quem quê que quando onde por como quanto quanta quantos quantas qual quais",
    "pl": "kto kogo komu co czego kiedy gdzie dokąd skąd dlaczego czemu jak ile który która które",
    "tr": "kim kimi kime ne neden niçin niye nerede nereye nereden nasıl kaç hangi",
}

SPELLINGS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
QUESTION_WORDS = {language: frozenset(map(fold, words)) for language, words in SPELLINGS.items()}
"""As `fold` has them. In Arabic and Persian "and" may be written onto them."""
ALL = frozenset().union(*QUESTION_WORDS.values())
_JOINED = frozenset("و" + word for word in QUESTION_WORDS["ar"] | QUESTION_WORDS["fa"])


def is_question_word(word: str) -> bool:
    """Whether a word asks in one of the languages, as in "ومتى" with its "and"."""
    folded = fold(word.casefold())
    return folded in ALL or folded in _JOINED


def asking_language(words: Sequence[str]) -> str | None:
    """Return the language whose question words stand among some words and are of no other one."""
    folded = (fold(word.casefold()) for word in words)
    found = {_only_in(word) for word in folded if word in ALL} - {None}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1024)
def _only_in(word: str) -> str | None:
    """The language in which a word asks, if it is no frequent word of another."""
    asked = [language for language, words in QUESTION_WORDS.items() if word in words]
    others = (words for language, words in STOP_WORDS.items() if language not in asked)
    is_frequent = any(word in map(fold, words) for words in others)
    return asked[0] if len(asked) == 1 and not is_frequent else None
