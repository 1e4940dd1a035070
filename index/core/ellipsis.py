"""Shortens a text of a document only where what is left out takes nothing back."""

from __future__ import annotations

import regex

# Words that turn, doubt or attribute what stands beside them, in the languages of the interface.
_TURNS = regex.compile(
    r"(?<![\w])(?:"
    # English
    r"den(?:y|ies|ied|ying|ials?)|disput\w+|reject\w*|refut\w+|rebut\w+|dismiss\w*|contradict\w*|"
    r"debunk\w*|alleg\w+|not|no|none|nor|neither|never|nobody|nothing|nowhere|cannot|\w+n['’]t|"
    r"without|if|unless|until|whether|except|but|however|although|though|despite|hardly|"
    r"barely|scarcely|accord(?:ing|ed) to|reportedly|claim(?:s|ed|ing)?|"
    r"suppos\w+|purport\w*|rumou?r\w*|unconfirmed|unverified|unproven|unclear|false(?:ly)?|fake|"
    r"hoax|wrong(?:ly)?|untrue|doubt\w*|apparent\w*|perhaps|maybe|(?-i:may)|might|could|"
    r"possibl[ey]|probabl[ey]|likely|unlikely|fail\w*|refus\w+|suspect\w*|accus\w+|"
    # Deutsch
    r"bestreit\w*|bestritt\w*|bestritten|dementier\w*|zurückgewiesen|wies\w*|widersprach\w*|"
    r"widerspr(?:icht|echen|ochen)|leugn\w*|nicht|nichts|kein\w*|nie|niemals|niemand\w*|weder|ohne|"
    r"wenn|falls|sofern|außer|aber|jedoch|obwohl|angeblich\w*|mutmaßlich\w*|vermeintlich\w*|laut|"
    r"zufolge|nach angaben|behaupte\w*|unbestätigt\w*|falsch\w*|soll|sollen|vielleicht|"
    r"könnten?|womöglich|vermutlich|"
    # Español
    r"neg(?:ó|aron|aba|aban|ar|ado|ada)|niegan?|desm(?:iente|intió|intieron|entido)|rechaz\w+|"
    r"ningun\w*|ningún|nunca|jamás|nadie|nada|tampoco|ni|sin|si|salvo|excepto|pero|aunque|según|"
    r"presunt\w+|supuest\w+|al parecer|sospech\w+|"
    r"fals[oa]s?|quizás?|podrían?|habrían?|"
    # Français
    r"ni(?:e|ent|é|ait|er)|dément(?:i|ent|ir)?|démenti\w*|rejet\w+|réfut\w+|contest\w+|ne|"
    r"pas|jamais|aucune?|personne|rien|sans|sauf|sinon|mais|selon|d['’]après|présum\w+|prétend\w*|"
    r"prétendument|aurait|auraient|serait|seraient|fausse?s?|faux|"
    r"peut-être|"
    # Русский, українська
    r"опров\w+|отриц\w+|отверг\w*|отказ\w*|не|ни|нет|никогда|никто|ничего|без|если|кроме|однако|"
    r"якобы|по словам|согласно|по данным|утвержд\w+|предполож\w+|возможно|"
    r"неподтвержд\w+|ложн\w+|спрост\w+|запереч\w+|відкин\w+|ні|немає|ніколи|ніхто|нічого|"
    r"якщо|крім|проте|однак|але|нібито|за словами|згідно|за даними|стверджу\w+|"
    r"непідтвердж\w+|можливо|хибн\w+|"
    # فارسی، العربية
    r"تکذیب|رد|انکار|نه|هیچ|هرگز|بدون|اگر|مگر|اما|ولی|به گفته|ادعا|ظاهرا|احتمالا|نیست\w*|"
    r"ن(?:می|شد|کرد|بود|دار)\w*|"
    r"[وف]?(?:نفى|نفت|ينفي|تنفي|كذب|أنكر|رفض\w*|لا|لم|لن|ليس\w*|غير|دون|بدون|إذا|إن لم|لو|إلا|لكن|"
    r"وفق\w*|بحسب|حسب|زعم\w*|يزعم|مزاعم|ادعى|ربما)"
    r")(?!\w)",
    regex.IGNORECASE,
)
_MIN_CUT_CHARS = 10
_WHOLE_SHARE = 0.5  # of the room, that a cut at a sentence or a clause must fill
_BORDERS = (
    regex.compile(r"(?<=[.!?…؟])\s"),
    regex.compile(r"(?<=[;:,–—،؛])\s"),
    regex.compile(r"\s"),
)


def takes_back(text: str) -> bool:
    """Whether words of a text deny, doubt, limit or attribute what is told beside them."""
    return _TURNS.search(text) is not None


def shorten_honestly(text: str, max_chars: int) -> str:
    """Return the beginning of a text on one line of at most `max_chars`, with an ellipsis.

    It ends where a sentence does, a clause or a word, in this order, as far as what is left out
    takes nothing back; "" if it does at every place.
    """
    line = " ".join(text.split())
    if len(line) <= max_chars:
        return line
    last = list(_TURNS.finditer(line))
    if last and last[-1].end() >= max_chars:
        return ""
    kept = max(_MIN_CUT_CHARS, last[-1].end() if last else 0)
    for border in _BORDERS:
        ends = [found.start() for found in border.finditer(line, kept, max_chars)]
        if ends and (border is _BORDERS[-1] or ends[-1] >= _WHOLE_SHARE * max_chars):
            return f"{line[: ends[-1]].rstrip(' .,;:–—،؛')}…"
    # One long word, or a script without spaces.
    return f"{line[: max_chars - 1].rstrip()}…" if kept < max_chars else ""
