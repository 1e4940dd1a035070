"""Answers a question: searches, reads, composes quotes, or abstains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index.answering.agreement import adds_something, also_in
from index.answering.asked_speaker import as_told, asked_speaker, find_speaker, sentences_by
from index.answering.languages import is_across, is_foreign, name_languages
from index.answering.missing import (
    find_about,
    find_missing,
    find_missing_across,
    is_on_story,
    names_another,
    names_something_known,
)
from index.answering.quoting import choose, leads_in, without_idle_rows, without_namesakes
from index.answering.sides.arrangement import Sides
from index.answering.sides.periods import fit, newest_of, prefer, read_period
from index.answering.sides.sentences import following
from index.answering.sides.wording import wording_of
from index.answering.stated import apt_first, is_beside_the_point, stated
from index.core.answers import MAX_QUOTES, Answer, Hit, Quote
from index.core.documents import Passage
from index.core.errors import QuestionError
from index.core.lazy_text import Phrase
from index.core.scope import Scope
from index.core.stopwatch import Stopwatch
from index.reader import Question, Reader, Retrieved
from index.reader.anchor_match import leave_out
from index.search.retriever import Retriever
from index.search.spelling import searched_text
from index.store.passages import PassageReader
from index.text.question import as_question, asks_nothing
from index.text.spelling.speller import Speller, Understood
from index.text.stories import Told, apart

MAX_QUESTION_CHARS = 1000
READ_PASSAGES = 8
# More than are read, as some may say nothing new.
_MAX_RETRIEVED = 4 * READ_PASSAGES
_AS_SURE = 0.9  # as the answer to a question as typed, is one to what it may mean

# Of 30 answers about dev whose first sentence is less probable, 4 are right; of 979 others, 563.
MIN_ANSWERING = 0.1

# Of 21 quotes that came closest from the document in question, 18 lie in a passage that is as
# similar as this to the question; of 226 from other documents, 15 do. Measured with MiniLM.
MIN_SUBJECT_COSINE = 0.33

NOTHING_INDEXED = "there are no documents to search"
NOTHING_WITHIN = "no document lies within these limits"
FOREIGN = "no document is in the language of the question"
NOT_FOUND = "no sentence of the documents answers with enough confidence"
NOT_SURE = "these sentences of the documents may not answer"


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from the documents of a store."""

    passages: PassageReader
    understand: Callable[[str, Scope], Question]
    retriever: Retriever
    reader: Reader
    speller: Speller
    min_confidence: float | None = None  # replaces the threshold that was fitted, 0..1

    def ask(self, text: str, scope: Scope, max_quotes: int = MAX_QUOTES) -> Answer:
        """Return up to `max_quotes` quotes of the documents within `scope` that answer a question.

        It is asked with misspelt words put right, and what they may be if that makes the answer
        surer; without the story around it, and with it if that makes it surer. `max_quotes` changes
        neither the order of the quotes nor whether the documents answer.

        Raises:
            QuestionError: empty, or longer than MAX_QUESTION_CHARS.
        """
        watch = Stopwatch()
        typed = check_question(text)
        understood = self.speller.understand(typed)
        if is_foreign(typed, self.speller) and is_foreign(understood.text, self.speller):
            elapsed, languages = watch.elapsed_ms, tuple(self.speller.languages)
            return Answer(typed, (), 0.0, elapsed, "none", FOREIGN, languages=languages)
        told = apart(understood.text)
        asked = told.question if told else understood.text
        speaker = asked_speaker(as_question(asked)) if scope.said is None else None
        if speaker is not None:
            found_speaker, scope = find_speaker(speaker, scope, self.passages)
            asked = asked.replace(speaker.who, found_speaker.who)
            speaker = found_speaker
        answer, found, (asked, unknown, names) = self._surest(
            understood._replace(text=asked), told, scope, max_quotes, watch
        )
        written = as_question(asked)
        across = is_across(asked, _shown(answer)[:1])
        stop_words = self.speller.analyzer.stop_words(written)
        missing = (
            find_missing_across(written, found, names, stop_words, self.speller.tongue_of(asked))
            if across
            else find_missing(written, found, (*unknown, *names), stop_words)
        )
        # Whatever the confidence: it may be about another year or another person.
        is_amiss = any(anchor.is_time or anchor.kind == "name" for anchor in missing)
        if answer.answered and not (is_amiss or across) and self.speller.tongue_of(asked) != "en":
            analyzer = self.speller.analyzer
            is_amiss = names_another(written, answer.quotes[0], found, analyzer)
        if answer.answered and is_amiss:
            answer = replace(answer, state="unsure", reason=NOT_SURE)
        timeless = leave_out(written, [anchor for anchor in missing if anchor.kind != "name"])
        if answer.closest and timeless != written:
            # What is told of another year is nearer than what the year led astray to.
            other, _ = self._ask(timeless, scope, max_quotes, watch)
            closest = other.quotes or other.closest
            answer = replace(answer, closest=closest, on_subject=other.on_subject)
        if answer.closest and not names_something_known(written, missing):
            answer = replace(answer, on_subject=False)
        if speaker is not None:
            answer = as_told(answer, speaker, partial(self._mentions, speaker.topic, found))
        about = find_about(missing, written, answer.closest[0]) if answer.closest else None
        watch.lap("compose")
        return replace(
            answer,
            question=typed,
            understood=asked if asked.casefold() != typed.casefold() else None,
            quotes=name_languages(asked, answer.quotes),
            closest=name_languages(asked, answer.closest),
            missing=tuple(_as_typed(anchor.text, typed) for anchor in missing),
            closest_about=about,
            elapsed_ms=watch.elapsed_ms,
            steps_ms=watch.laps,
        )

    def _surest(
        self,
        understood: Understood,
        told: Told | None,
        scope: Scope,
        max_quotes: int,
        watch: Stopwatch,
    ) -> tuple[Answer, Sequence[Passage], Understood]:
        """The surest answer to what a question may mean, the passages found, and the meaning."""
        asked, unknown, names = understood
        answer, found = self._ask(asked, scope, max_quotes, watch, names)
        if told and answer.answered and not is_on_story(told, names, found, answer.quotes[0]):
            answer = replace(answer, state="unsure", reason=NOT_SURE)
        if told and not answer.answered:
            whole = f"{told.story} {asked}"
            other, found_then = self._ask(whole, scope, max_quotes, watch, names)
            if other.quotes and other.confidence > answer.confidence:
                answer, found, understood = other, found_then, understood._replace(text=whole)
        guessed = self.speller.guess(understood.text, unknown, map(searched_text, found))
        if guessed.text != understood.text:
            other, found_then = self._ask(guessed.text, scope, max_quotes, watch, names)
            if other.quotes and other.confidence > _AS_SURE * answer.confidence:
                answer, found, understood = other, found_then, guessed._replace(names=names)
        return answer, found, understood

    def _mentions(self, topic: str | None, found: Sequence[Passage], quote: Quote) -> bool:
        """Whether a quote, or a passage around it, has a word of a topic."""
        analyzer = self.speller.analyzer
        around = (
            passage.text
            for passage in found
            if passage.document.id == quote.document.id and passage.span.covers(quote.span)
        )
        language = quote.document.metadata.language
        terms = set(analyzer.content_terms(topic or "", language))
        return not terms.isdisjoint(analyzer.terms(" ".join((quote.text, *around)), language))

    def _ask(
        self,
        text: str,
        scope: Scope,
        max_quotes: int,
        watch: Stopwatch,
        names: tuple[str, ...] = (),
    ) -> tuple[Answer, Sequence[Passage]]:
        """The answer to a question as it is spelt, and the passages found, those read first."""
        written = as_question(text)
        if asks_nothing(text):
            return Answer(text, (), 0.0, watch.elapsed_ms, "none", NOT_FOUND), []
        question = replace(self.understand(written, scope), names=names)
        watch.lap("embed")
        retrieved, repeated = self._retrieve(question, scope)
        watch.lap("search")
        said = scope.said
        heard = retrieved if said is None else list(sentences_by(said, retrieved))
        analyzer = self.speller.analyzer
        period = read_period(written, newest_of(item.passage for item in heard), analyzer)
        thorough = replace(question, thorough=True)
        read = self.reader.read(thorough if period else question, heard)
        watch.lap("read")
        preferred = prefer(read.readings, period, analyzer) if period else read.readings
        readings = [one for one in preferred if not leads_in(one)]
        choice = choose(readings, retrieved, min(max_quotes, MAX_QUOTES))
        if max_quotes > MAX_QUOTES:
            # Whoever asks for more wants the unlikely ones, too, behind those seen already.
            others = readings if read.is_whole else self.reader.read(thorough, heard).readings
            rest = (one for one in others if not leads_in(one))
            choice = choose([*choice.readings, *rest], retrieved, max_quotes, 0.0)
        chosen = choice.readings
        if max_quotes <= MAX_QUOTES:
            chosen = without_namesakes(without_idle_rows(chosen, text, analyzer), written)
        wording = wording_of(analyzer)
        surest, chosen = chosen[:1], apt_first(chosen, written, readings, wording)
        found = [item.passage for item in (*retrieved, *repeated)]
        quotes = tuple(
            replace(reading.to_quote(), also=also_in(reading, found, self.passages, scope))
            for reading in chosen
        )
        calibration = read.calibration or self.reader.calibration
        confidence = calibration.probability(read.evidence) if quotes else 0.0
        state = calibration.state_of(confidence, self.min_confidence) if quotes else "none"
        if quotes:
            # Than the one that the confidence is of.
            is_another = chosen[0] is not surest[0] or readings[0] is not preferred[0]
            if state == "answered" and (is_another or surest[0].score < MIN_ANSWERING):
                state = "unsure"
            state = stated(state, text, chosen[0], found, wording)
        if state != "none":
            fits = partial(fit, period=period, analyzer=analyzer)
            near = [*found, *following(self.passages, chosen[0], found)]
            sides = Sides(written, readings, near, wording, fits)
            quotes = sides.arrange(quotes, chosen)
            if state == "answered" and is_beside_the_point(written, quotes[0], found):
                state = "unsure"
        watch.lap("compose")
        nothing = NOTHING_WITHIN if scope.is_narrow else NOTHING_INDEXED
        reasons = {"answered": None, "unsure": NOT_SURE, "none": NOT_FOUND if quotes else nothing}
        answer = Answer(
            question=text,
            quotes=() if state == "none" else quotes,
            closest=quotes if state == "none" else (),
            reason=reasons[state],
            confidence=confidence,
            elapsed_ms=watch.elapsed_ms,
            state=state,
            further=choice.further or not read.is_whole,
            on_subject=any(
                item.passage.id == reading.passage.id and item.hit.cosine >= MIN_SUBJECT_COSINE
                for reading in choice.readings[:1]
                for item in retrieved
            ),
        )
        return answer, found

    def _retrieve(
        self, question: Question, scope: Scope
    ) -> tuple[list[Retrieved], list[Retrieved]]:
        """The passages to read, and those set aside because better ones say the same."""
        hits = self.retriever.search(question.text, question.vector, scope, _MAX_RETRIEVED)
        chosen: list[Retrieved] = []
        repeated: list[Retrieved] = []
        while hits and (missing := READ_PASSAGES - len(chosen)):
            for item in read_hits(self.passages, hits[:missing]):
                is_new = adds_something(item.passage, chosen)
                (chosen if is_new else repeated).append(item)
            hits = hits[missing:]
        return chosen, repeated


def _as_typed(word: str, question: str) -> str:
    """A word as a question has it; one that was shouted is in small letters."""
    at = question.casefold().find(word.casefold())
    return question[at : at + len(word)] if at >= 0 else word


def _shown(answer: Answer) -> Sequence[Quote]:
    return answer.quotes or answer.closest


def check_question(text: str) -> str:
    """Return the question without surrounding white space.

    Raises:
        QuestionError: empty, or longer than MAX_QUESTION_CHARS.
    """
    question = text.strip()
    if not question:
        raise QuestionError(Phrase("the question is empty; write what you want to know"))
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            Phrase(
                "the question has {characters} characters, the limit is {limit}; ask for one "
                "thing at a time",
                characters=len(question),
                limit=MAX_QUESTION_CHARS,
            )
        )
    return question


def read_hits(passages: PassageReader, hits: Sequence[Hit]) -> list[Retrieved]:
    """Return the passages of hits, in their order; any that is gone by now is left out."""
    found = {hit.passage_id: hit for hit in hits}
    return [Retrieved(passage, found[passage.id]) for passage in passages.read(list(found))]
