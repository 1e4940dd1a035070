"""Metadata from named fields: front matter, a sidecar file, the columns of a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import yaml

from index.core.documents import Metadata
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.dates import read_date

ALIASES = {
    "title": ("title", "headline"),
    "published": ("published", "date", "publish_date", "published_at", "pubdate"),
    "author": ("author", "authors", "byline", "creator"),
    "publisher": ("publisher", "site", "sitename", "source", "newspaper"),
    "language": ("language", "lang"),
    "url": ("url", "link"),
}
"""The names under which each field of `Metadata` is found, the surest first."""

MAX_CHARS = 16_384
"""Longer metadata is no metadata."""


def read_metadata(named: Mapping[str, object]) -> Metadata:
    """Return what the fields say; names count in any case, what is not text is passed over."""
    values = {str(name).strip().lower(): value for name, value in named.items()}
    found = {
        field: [values[name] for name in names if name in values]
        for field, names in ALIASES.items()
    }
    days = map(read_date, found.pop("published"))
    texts = {field: _first_text(candidates) for field, candidates in found.items()}
    return Metadata(published=next(filter(None, days), None), **texts)


def read_yaml(source: str) -> Mapping[str, object] | None:
    """Return the fields of a YAML or JSON mapping, None where it is nothing of the kind."""
    if len(source) > MAX_CHARS:
        return None
    try:
        # Builds nothing but strings, lists and mappings: no tag or number of a file can do harm.
        loaded: Any = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return None
    return {str(key): value for key, value in loaded.items()} if isinstance(loaded, dict) else None


def read_json(source: str) -> Mapping[str, object] | None:
    """Return the fields of a JSON mapping, None where it is nothing of the kind."""
    try:
        loaded = json.loads(source) if len(source) <= MAX_CHARS else None
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def overlay(upper: Metadata, lower: Metadata) -> Metadata:
    """Return `lower` with whatever `upper` says in its place."""
    said = {field.name: getattr(upper, field.name) for field in fields(upper)}
    return replace(lower, **{name: value for name, value in said.items() if value is not None})


def _first_text(candidates: list[object]) -> str | None:
    lines = (one_line(_as_text(value)) for value in candidates)
    return next(filter(None, lines), None)


def _as_text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else None
