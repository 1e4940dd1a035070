"""URLs as names of documents."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

_URL = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_url(location: str) -> bool:
    """Whether `location` is a URL of any scheme, not the path of a file."""
    return bool(_URL.match(location))


def normalize_url(url: str) -> str:
    """Return the URL by which a page is known: lower-case host, no default port, no fragment."""
    try:
        scheme, netloc, path, query, _ = urlsplit(url.strip())
    except ValueError:  # whoever fetches it says what is wrong
        return url
    netloc = netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    return urlunsplit((scheme, netloc, path or "/", query, ""))


def without_credentials(url: str) -> str:
    """Return a URL fit to be shown: without the user and password before its host."""
    return _CREDENTIALS.sub("", url)


def choose_url(canonical: str | None, url: str) -> str:
    """Return the address that a page gives as its own, if it lies on the same site, else `url`.

    A site is a host with its subdomains: www.example.org and en.example.org are of example.org.
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
