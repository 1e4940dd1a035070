"""Texts on what the documents lack, by the state of an answer."""

from __future__ import annotations

from bot.conversation.filters import write_limits
from bot.conversation.replies import AnswerReply
from bot.i18n.language import (
    LANGUAGES,
    N_,
    _,
    current_language,
    language_names,
    one_of,
    speaking,
)
from bot.texts.answers import extent, isolate, name_of, one_line
from index.core.answers import Answer, State
from index.text.language import guess

MAX_LANGUAGES = 5

CLOSEST = N_("Closest, but not an answer:")
UNSURE = N_("Not sure this answers it:")


def missing(answer: Answer) -> str:
    """Return the line on words of the question that nothing found mentions, "" for none."""
    words = [one_line(text) for text in answer.missing]
    # Translators: the words are of the question, as in 2019 or Wimbledon; they are not inflected.
    return _("Nothing I found mentions {words}.").format(words=one_of(words)) if words else ""


def foreign(answer: Answer) -> str:
    """Return the line on a question in none of the documents' languages, if possible in its own."""
    with speaking(guess(answer.question, LANGUAGES) or current_language()):
        # Translators: names of languages follow the colon; they are not inflected.
        line = _(
            "The documents are not in the language of your question, but in: {languages}. I can't "
            "search across languages yet."
        )
        return line.format(languages=language_names(answer.languages[:MAX_LANGUAGES]))


def abstention(reply: AnswerReply) -> str:
    status = reply.status
    if reply.answer.languages:
        return foreign(reply.answer)
    if status.documents == 0:
        return _("I can't find this: no documents are indexed yet.")
    lacking = missing(reply.answer)
    if limits := write_limits("", reply.scope).strip():
        text = _("I can't find this within {limits}. Without these limits I have {documents}.")
    elif lacking:
        text = _("I searched {documents}.")
    else:
        text = _("I can't find this in the documents. I searched {documents}.")
    searched = text.format(limits=isolate(limits), documents=extent(status))
    return f"{lacking} {searched}" if lacking else searched


def remark(reply: AnswerReply) -> str:
    """Return the line on what the documents lack, "" for an answer."""
    match reply.answer.state:
        case "answered":
            return ""
        case "unsure":
            return missing(reply.answer)
        case "none":
            return abstention(reply)


def heading(state: State, about: str | None = None) -> str:
    """Return the line above quotes, "" for those of an answer.

    `about` is what the closest quote has in place of something missing.
    """
    match state:
        case "answered":
            return ""
        case "unsure":
            return _(UNSURE)
        case "none" if about:
            # Translators: as in Closest, about 2022; the word is not inflected.
            return _("Closest, about {about}:").format(about=name_of(about))
        case "none":
            return _(CLOSEST)
