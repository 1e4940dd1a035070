"""Fetches pages from the web within limits of time, size and reachable hosts."""

from __future__ import annotations

import asyncio
import codecs
import ssl
import zlib
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpx

from index.core.errors import DocumentError
from index.parsers import SUFFIXES
from index.parsers.toolkit.encoding import has_mark
from index.sources.names import without_credentials
from index.sources.transport import PinnedTransport, Resolve, resolve_host

_MAX_REDIRECTS = 5
_MAX_SILENCE_S = 10.0
_HEADERS = {
    "User-Agent": f"onrecord/{version('onrecord')}",
    "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain, */*;q=0.8",
    # The only encoding that can be unpacked up to a limit.
    "Accept-Encoding": "gzip",
}
SUFFIX_BY_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ipynb+json": ".ipynb",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "application/x-mimearchive": ".mhtml",
}
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
# Formats that a server without a type for them sends as text/plain.
_SENT_AS_PLAIN = {".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".eml"}
_OF_TEXT = {".html", ".htm", ".xhtml", ".txt", *_SENT_AS_PLAIN} - {".eml"}
# By Python's names, as https://encoding.spec.whatwg.org/#names-and-labels has them.
_ENCODINGS = {
    **{name: name for name in ("utf-8", "gb18030", "koi8-r", "koi8-u", "euc_jp", "iso2022_jp")},
    **{f"cp{number}": f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))},
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (*range(2, 9), 10, 13, 14, 15, 16)},
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}


class FetchLimits(NamedTuple):
    """The size of the content, packed and unpacked, and the time up to its last byte.

    `private` allows hosts outside the public internet.
    """

    max_bytes: int
    seconds: float
    private: bool = False


class Fetched(NamedTuple):
    """The content of a URL, fetched `at` a time in UTC.

    `url` is its address after redirects, without a fragment; the suffix of `name` chooses the
    parser.
    """

    url: str
    name: str
    data: bytes
    at: datetime


def fetch(url: str, limits: FetchLimits, resolve: Resolve = resolve_host) -> Fetched:
    """Return the content of a URL. Not for coroutines: it runs an event loop of its own.

    Raises:
        DocumentError: unreachable, without content, of an unknown type, or beyond a limit.
    """
    return asyncio.run(_fetch_in_time(url, limits, resolve))


async def _fetch_in_time(url: str, limits: FetchLimits, resolve: Resolve) -> Fetched:
    name = without_credentials(url)
    try:
        async with asyncio.timeout(limits.seconds), _open_client(name, limits, resolve) as client:
            return await _follow(client, name, url, limits.max_bytes)
    except TimeoutError as error:
        reason = f"not fetched within {limits.seconds:g} s; raise ONRECORD_FETCH_SECONDS"
        raise DocumentError(name, reason) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DocumentError(name, _reason(error)) from error
    except OSError as error:  # such as a wrong path in SSL_CERT_FILE
        raise DocumentError(name, f"cannot be reached: {error}") from error


def _open_client(name: str, limits: FetchLimits, resolve: Resolve) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=PinnedTransport(name, resolve, limits.private),
        headers=_HEADERS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=min(_MAX_SILENCE_S, limits.seconds),
        trust_env=False,
    )


async def _follow(client: httpx.AsyncClient, name: str, start: str, max_bytes: int) -> Fetched:
    url = httpx.URL(start)
    for _ in range(_MAX_REDIRECTS + 1):
        if url.scheme not in {"http", "https"} or not url.host:
            raise DocumentError(name, f"{url.scheme or 'no scheme'}: only http and https URLs")
        if url.userinfo:
            raise DocumentError(name, "a URL with a user name or password; leave them out")
        if url.port is not None and not 0 < url.port < 65_536:
            raise DocumentError(name, f"port {url.port}: ports go from 1 to 65535")
        async with client.stream("GET", url) as response:
            if response.next_request is not None:
                url = response.next_request.url
                continue
            if response.status_code != httpx.codes.OK:
                phrase = httpx.codes.get_reason_phrase(response.status_code)
                raise DocumentError(name, f"the server answers {response.status_code} {phrase}")
            found = str(url.copy_with(fragment=None))
            file = _file_name(name, found, response.headers.get("content-type", ""))
            data = await _read(name, response, max_bytes)
        text = _to_utf8(name, file, data, response.charset_encoding)
        return Fetched(found, file, text, datetime.now(UTC))
    raise DocumentError(name, f"redirected more than {_MAX_REDIRECTS} times")


async def _read(name: str, response: httpx.Response, max_bytes: int) -> bytes:
    """The unpacked content of a response, with never more than the limit in memory."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise DocumentError(name, f"packed as {encoding}, which was not asked for")
    gzip = None if encoding == "identity" else _Gzip(name)
    received, data = 0, bytearray()
    async for chunk in response.aiter_raw():
        received += len(chunk)
        data += gzip.unpack(chunk, max_bytes + 1 - len(data)) if gzip else chunk
        if max(received, len(data)) > max_bytes:
            raise DocumentError(
                name,
                f"larger than the limit of {max_bytes / 1e6:g} MB; raise ONRECORD_MAX_FILE_MB",
            )
    if gzip is not None:
        gzip.finish()
    return bytes(data)


def _file_name(name: str, url: str, content_type: str) -> str:
    """A file name with the suffix of a parser, by the content type or else the suffix of `url`."""
    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path)).name or parts.hostname or "page"
    named = PurePosixPath(last).suffix.lower()
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _UNSAID or (kind == "text/plain" and named in _SENT_AS_PLAIN & SUFFIXES):
        suffix = named
    else:
        suffix = SUFFIX_BY_TYPE.get(kind, "")
    if suffix not in SUFFIXES:
        known = ", ".join(kind for kind, suffix in SUFFIX_BY_TYPE.items() if suffix in SUFFIXES)
        raise DocumentError(
            name, f"{kind or 'no content type'}: not a type that can be read; those are {known}"
        )
    return last if named == suffix else last + suffix


def _to_utf8(name: str, file: str, data: bytes, charset: str | None) -> bytes:
    """Text in the charset that a server names, as UTF-8 with a byte-order mark; other bytes as is.

    The server's charset counts more than that in an HTML page, so the mark overrides the page. Only
    a mark in `data` counts more than the server.
    """
    is_text = PurePosixPath(file).suffix.lower() in _OF_TEXT
    if not is_text or charset is None or has_mark(data):
        return data
    try:
        encoding = _ENCODINGS[codecs.lookup(charset).name]
        text = data.decode(encoding)
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            at = error.start
            reason = f"not {charset}, as the server says: byte 0x{data[at]:02x} at offset {at}"
        else:
            reason = f"the charset {charset} is not known"
        raise DocumentError(name, f"{reason}; save the page as a file and add that") from error
    return codecs.BOM_UTF8 + text.encode()


class _Gzip:
    """Unpacks gzip, in which several members may follow each other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._member = zlib.decompressobj(wbits=31)

    def unpack(self, chunk: bytes, max_bytes: int) -> bytes:
        """Return up to `max_bytes` (at least 1) of the content and drop the rest."""
        data = b""
        try:
            while chunk and len(data) < max_bytes:
                if self._member.eof:
                    self._member = zlib.decompressobj(wbits=31)
                data += self._member.decompress(chunk, max_bytes - len(data))
                chunk = self._member.unused_data
        except zlib.error as error:
            raise DocumentError(self._name, f"its gzip is damaged: {error}") from error
        return data

    def finish(self) -> None:
        if not self._member.eof:
            raise DocumentError(self._name, "cut off: its gzip has no end; try again")


def _reason(error: httpx.HTTPError | httpx.InvalidURL) -> str:
    if isinstance(error, httpx.InvalidURL):
        return f"not a URL: {error}"
    if isinstance(error, httpx.TimeoutException):
        return f"nothing came for {_MAX_SILENCE_S:g} s; try again later"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            why = getattr(cause, "verify_message", None) or cause.reason
            return f"no secure connection: {why}"
        cause = cause.__cause__ or cause.__context__
    return f"cannot be reached: {error or type(error).__name__}"
