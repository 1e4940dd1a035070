"""Answers, checks and documents as JSON: a public contract that the documentation describes."""

from __future__ import annotations

from typing import Any

from index.answering.draft_check import Checked
from index.answering.quote_check import Finding
from index.answering.verification import Verification
from index.core.answers import Answer, Quote
from index.core.attributions import Attribution
from index.core.documents import HAVE_ORIGINS, Document
from index.core.errors import DocumentError
from index.store.certificates import certificate_id, format_id
from index.text.dates.relative import dates_of
from index.text.diff import Diff


def answer_to_json(answer: Answer, is_certified: bool = True) -> dict[str, Any]:
    """Return an answer as JSON's types; without certificates if they are not kept."""
    return {
        "question": answer.question,
        "understood": answer.understood,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "reason": answer.reason,
        "elapsed_ms": round(answer.elapsed_ms, 2),
        "quotes": [quote_to_json(quote, is_certified) for quote in answer.quotes],
        "closest": [quote_to_json(quote, is_certified) for quote in answer.closest],
        "state": answer.state,
        "missing": list(answer.missing),
    }


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a document's metadata as JSON's types."""
    metadata, fetched = document.metadata, document.fetched
    return {
        "id": document.id,
        "document": document.path,
        "title": metadata.title,
        "author": metadata.author,
        "publisher": metadata.publisher,
        "published": metadata.published.isoformat() if metadata.published else None,
        "language": metadata.language,
        "url": metadata.url,
        "fetched": fetched.isoformat(timespec="seconds") if fetched else None,
        "collection": document.collection,
        "characters": document.characters,
        "passages": document.passages,
        "sha256": document.sha256,
    }


def attribution_to_json(attribution: Attribution) -> dict[str, Any]:
    """Return an attribution as JSON's types, with spans as [start, end]."""
    roles = ("source", "cue", "content")
    spans = {
        role: [[span.start, span.end] for span in getattr(attribution, role)] for role in roles
    }
    return spans | {"speaker": attribution.speaker and attribution.speaker.text}


def report_to_json(document: Document) -> dict[str, Any]:
    """Return what an operator should know of a document as JSON's types."""
    known, origins = document_to_json(document), document.metadata.origins
    told = {name: known[name] for name in ("id", "document", "collection")}
    told["quotable"] = None if document.quotable is None else round(document.quotable, 3)
    for name in HAVE_ORIGINS:
        told |= {name: known[name], f"{name}_from": known[name] and origins.get(name)}
    return told | {"warnings": list(document.warnings), "error": None}


def unread_to_json(collection: str, error: DocumentError) -> dict[str, Any]:
    """Return a file that could not be read in the shape of `report_to_json`."""
    facts = dict.fromkeys(pair for name in HAVE_ORIGINS for pair in (name, f"{name}_from"))
    return {
        "id": None,
        "document": error.name,
        "collection": collection,
        "quotable": None,
        **facts,
        "warnings": [],
        "error": error.reason,
    }


def quote_to_json(quote: Quote, is_certified: bool = True) -> dict[str, Any]:
    """Return a quote as JSON's types, with the documents that say the same or the contrary."""
    return _place_to_json(quote, is_certified) | {
        "also": [_place_to_json(other, is_certified) for other in quote.also],
        "beside": [
            {"side": other.side, **_place_to_json(other, is_certified)} for other in quote.beside
        ],
    }


def _place_to_json(quote: Quote, is_certified: bool) -> dict[str, Any]:
    metadata, speaker = quote.source.metadata, quote.speaker
    time = quote.entry.time if quote.entry else None
    return {
        "document": quote.document.path,
        "start": quote.span.start,
        "end": quote.span.end,
        "text": quote.text,
        "answer": [{"start": span.start, "end": span.end} for span in quote.answer],
        "title": metadata.title,
        "published": metadata.published.isoformat() if metadata.published else None,
        "page": quote.page,
        "paragraph": quote.paragraph,
        "speaker": speaker
        and {"text": speaker.text, "start": speaker.span.start, "end": speaker.span.end},
        "speech": quote.speech,
        "dates": [
            {
                "start": one.span.start,
                "end": one.span.end,
                "from": one.first.isoformat(),
                "to": one.last.isoformat(),
            }
            for one in dates_of(quote)
        ],
        "score": round(quote.score, 4),
        "time": time.isoformat(timespec="minutes") if time else None,
        "url": metadata.url,
        "section": quote.section or None,
        "ocr": quote.is_recognized,
        "language": metadata.language,
        "certificate": certificate_id(quote) if is_certified else None,
    }


def checked_to_json(checked: Checked) -> dict[str, Any]:
    """Return a quotation of a draft as JSON's types, with its mark and findings."""
    span = checked.quotation.span
    return {
        "start": span.start,
        "end": span.end,
        "text": checked.quotation.text,
        "mark": checked.mark.value,
        "problem": checked.problem or None,
        "findings": [_finding_to_json(finding) for finding in checked.findings],
    }


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    quote = finding.quote
    return {
        "text": finding.text,
        "verdict": finding.verdict.value,
        "quote": quote_to_json(quote, is_certified=False) if quote else None,
        "diff": _diff_to_json(finding.diff),
    }


def verification_to_json(found: Verification) -> dict[str, Any]:
    """Return what became of a quote as JSON's types."""
    certificate = found.certificate
    return {
        "certificate": format_id(certificate.id),
        "state": found.state.value,
        "document": certificate.path,
        "title": certificate.title,
        "text": certificate.text,
        "issued": certificate.issued.isoformat(timespec="seconds"),
        "quote": quote_to_json(found.quote, is_certified=False) if found.quote else None,
        "diff": _diff_to_json(found.diff),
    }


def _diff_to_json(diff: Diff) -> list[dict[str, str]]:
    return [{"op": part.op.value, "text": part.text} for part in diff]
