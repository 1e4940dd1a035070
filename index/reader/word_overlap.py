"""Word overlap between question and sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.core.documents import Passage
from index.text.terms import Analyzer, idf, saturate

# Length counts less than with the usual b = 0.75, because all of these are single sentences.
_B = 0.3


class Coverage(NamedTuple):
    """Shares of the question's content words, 0..1."""

    sentence: float  # found in the sentence, its title or its heading
    passage: float  # the same for the whole passage


@dataclass(frozen=True, slots=True)
class Words:
    """Compares the words of questions and sentences."""

    analyzer: Analyzer

    def bm25(
        self, question: str, sentences: Sequence[str], languages: Sequence[str | None] = ()
    ) -> list[float]:
        """Return the BM25 of each sentence among these alone, divided by the best, 0..1.

        `languages` are those of the documents that the sentences are from, if given.
        """
        tags = languages or [None] * len(sentences)
        asked = {tag: self.analyzer.content_terms(question, tag) for tag in set(tags)}
        counted = [
            Counter(self.analyzer.terms(text, tag))
            for text, tag in zip(sentences, tags, strict=True)
        ]
        terms = {term for of_tag in asked.values() for term in of_tag}
        holding = {term: sum(term in counts for counts in counted) for term in terms}
        mean = sum(counts.total() for counts in counted) / (len(counted) or 1) or 1.0
        scores = [
            sum(
                idf(holding[term], len(counted)) * saturate(counts[term], counts.total() / mean, _B)
                for term in asked[tag]
            )
            for counts, tag in zip(counted, tags, strict=True)
        ]
        best = max(scores, default=0.0) or 1.0
        return [score / best for score in scores]

    def coverage(self, question: str, sentence: str, passage: Passage) -> Coverage:
        """Return the coverage of the question by a sentence and its passage."""
        above = f"{passage.title or ''} {passage.heading}"
        return Coverage(
            self.share(question, f"{above} {sentence}", passage.document.metadata.language),
            self.share(question, f"{above} {passage.text}", passage.document.metadata.language),
        )

    def share(self, question: str, text: str, language: str | None = None) -> float:
        """Return the share of the question's content words that a text has, 0..1."""
        terms = self.analyzer.content_terms(question, language)
        found = set(self.analyzer.terms(text, language)).intersection(terms)
        return len(found) / (len(terms) or 1)
