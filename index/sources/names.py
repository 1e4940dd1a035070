"""File names and URLs of documents: safe to show, one for each document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import chain, count
from pathlib import PurePath
from urllib.parse import urljoin, urlsplit, urlunsplit

from index.core.errors import DocumentError

MAX_NAME_CHARS = 120
_MAX_SUFFIX_CHARS = 10
_SEPARATORS = re.compile(r"[/\\]")
_UNNAMED = "document"
_URL = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def clean_name(name: str) -> str:
    """Return a file name as one line of at most `MAX_NAME_CHARS` visible code points.

    Folders, invisible characters (such as those that turn the direction of writing) and dots at the
    ends are dropped; the suffix stays, in lower case.
    """
    last = _SEPARATORS.split(name)[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or c.isprintable())
    line = " ".join(seen.split()).strip(". ")
    suffix = PurePath(line).suffix
    if len(suffix) > _MAX_SUFFIX_CHARS or " " in suffix:
        suffix = ""
    stem = line.removesuffix(suffix)
    if not suffix and seen.strip().startswith(".") and "." not in line:
        # ".pdf" is all suffix.
        stem, suffix = "", f".{line}" if line and len(line) < _MAX_SUFFIX_CHARS else ""
    stem = stem[: MAX_NAME_CHARS - len(suffix)].strip(". ")
    return (stem or _UNNAMED) + suffix.lower()


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, or the first of "name (2).pdf", "name (3).pdf", … that is free.

    Names that differ only by case are the same.
    """
    folded = {other.casefold() for other in taken}
    suffix = PurePath(name).suffix
    stem = name.removesuffix(suffix)
    numbered = (f"{stem} ({number}){suffix}" for number in count(2))
    return next(free for free in chain([name], numbered) if free.casefold() not in folded)


def is_url(location: str) -> bool:
    """Whether `location` is a URL of any scheme, not the path of a file."""
    return bool(_URL.match(location))


def normalize_url(url: str) -> str:
    """Return the one form of a URL: lower-case host, no default port, no fragment."""
    try:
        scheme, netloc, path, query, _ = urlsplit(url.strip())
    except ValueError:  # fetching it will report the fault
        return url
    netloc = netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    return urlunsplit((scheme, netloc, path or "/", query, ""))


def without_credentials(url: str) -> str:
    """Return a URL without the user and password before its host, fit to be shown."""
    return _CREDENTIALS.sub("", url)


def choose_url(canonical: str | None, url: str) -> str:
    """Return the address that a page claims as its own, if that is on the same site, else `url`.

    A site is a host with its subdomains: www.example.org and en.example.org are one.
    """
    try:
        named = urlsplit(urljoin(url, (canonical or "").strip()))
        here = urlsplit(url)
    except ValueError:
        return url
    if named.scheme not in _DEFAULT_PORTS or "@" in named.netloc:
        return url
    one, other = (f".{(parts.hostname or '').removeprefix('www.')}" for parts in (named, here))
    return named.geturl() if one.endswith(other) or other.endswith(one) else url


def name_in(collection: str, path: str, taken: Collection[str]) -> str:
    """Return the path of a document that comes into a collection with the paths `taken`.

    Raises:
        DocumentError: the collection has its page already.
    """
    if not is_url(path):
        return free_name(path, taken)
    if path in taken:
        raise DocumentError(path, f"the collection {collection} has this page already")
    return path
