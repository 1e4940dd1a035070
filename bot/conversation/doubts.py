"""Recognizes "is this true?", in the languages of the interface, and what it is about."""

from __future__ import annotations

import re

_PHRASES = (
    # English
    (
        r"(?:is|was) (?:this|that|it|he|she|they) (?:really |actually )?"
        r"(?:true|correct|right|accurate|real|so|fake|false|wrong)(?: or (?:not|false|fake))?"
    ),
    r"(?:really )?true(?: or (?:not|false))?",
    r"did (?:this|that|it) (?:really |actually )?happen",
    (
        r"(?:(?:can|could) you )?(?:please )?(?:fact[- ]?check|check|verify|confirm) "
        r"(?:this|that|it)(?: please)?"
    ),
    r"fact[- ]?check",
    # German
    r"stimmt (?:das|dies|es)(?: so| wirklich| überhaupt)?",
    r"ist (?:das|dies|es) (?:wirklich |so )?(?:wahr|richtig|korrekt|echt|so|falsch)",
    r"wahr oder (?:falsch|nicht)",
    r"(?:bitte )?(?:über)?prüfe? (?:das|dies)(?: bitte)?",
    r"(?:kannst du|können sie) das (?:bitte )?(?:(?:über)?prüfen|bestätigen)",
    r"faktencheck",
    # French
    r"(?:est-ce que )?(?:c'est|cela est|ça est) (?:vraiment )?(?:vrai|exact|correct|faux)",
    r"est-ce (?:bien |vraiment )?(?:vrai|exact|correct|faux)",
    r"vrai ou faux",
    r"(?:(?:peux-tu|tu peux|pouvez-vous|vous pouvez) )?vérifi(?:e|er|ez) (?:ça|cela|ceci)",
    # Spanish
    r"(?:es|será) (?:esto |eso )?(?:verdad|cierto|correcto|real|falso)(?: esto| eso)?",
    r"(?:esto|eso) es (?:verdad|cierto|correcto|real|falso)",
    r"verdad o (?:mentira|no)",
    r"(?:puedes |podrías )?(?:comprueba|verifica|comprobar|verificar) (?:esto|eso)",
    # Russian
    r"(?:а )?(?:это )?(?:действительно )?(?:правда|верно)(?: ли это| ли| это)?",
    r"(?:это )?(?:действительно )?так ли это|это (?:действительно )?так|это фейк",
    r"правда или (?:ложь|нет|неправда)",
    r"проверь(?:те)? это",
    # Ukrainian
    r"(?:а )?(?:чи )?(?:це )?(?:справді )?(?:правда|вірно)(?: це)?",
    r"(?:чи )?це (?:справді )?так|це фейк",
    r"правда чи (?:ні|брехня|неправда)",
    r"перевір(?:те)? це",
    # Persian
    r"(?:آیا )?(?:این|آن) (?:واقعا )?(?:درست|صحیح|راست|واقعی|حقیقت)(?: است| هست|ه| دارد| داره)",
    r"(?:درست|راست)ه|(?:آیا )?(?:درست|صحیح) است|(?:آیا )?حقیقت (?:دارد|داره)",
    r"(?:این|آن) را بررسی کن(?:ید)?",
    # Arabic
    r"(?:هل )?(?:هذا|ذلك)(?: الكلام| الخبر)? (?:صحيح|حقيقي|حقيقة)(?: فعلا)?",
    r"(?:هل )?هذه(?: المعلومة)? (?:صحيحة|حقيقية)",
    r"هل (?:هو )?صحيح(?: هذا)?",
    r"تحقق من (?:هذا|ذلك)",
)
_DOUBT = re.compile("|".join(f"(?:{phrase})" for phrase in _PHRASES))
_BORDER = re.compile(r"[.!?,;:…؟،؛\n–—]+(?=\s|$)|\n")
MIN_CLAIM_WORDS = 3
_UNSAID = re.compile(r"[?!.,;:…؟¿¡\s\u064b-\u0652]+")


def is_doubt(text: str) -> bool:
    """Whether a text asks only if something else is true."""
    plain = text.casefold().replace("’", "'").replace("\u200c", "")
    return bool(_DOUBT.fullmatch(_UNSAID.sub(" ", plain).strip()))


def claim_in(text: str) -> str:
    """Return the claim that a text doubts in the same breath, "" if it does not.

    The doubt stands before the claim or behind it, as in "Is it true: they fled on Monday?".
    """
    borders = [found.span() for found in _BORDER.finditer(text.rstrip("?؟! "))]
    if not borders:
        return ""
    (head_end, start), (end, tail_start) = borders[0], borders[-1]
    if is_doubt(text[tail_start:]):
        claim = text[:end]
    elif is_doubt(text[:head_end]):
        claim = text[start:]
    else:
        return ""
    return claim.strip() if len(claim.split()) >= MIN_CLAIM_WORDS else ""
