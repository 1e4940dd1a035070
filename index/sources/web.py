"""Pages from the web, within limits: of time, of size, and of where a connection may go."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from index.core.errors import DocumentError
from index.sources.media_types import file_name, to_utf8
from index.sources.names import without_credentials
from index.sources.transport import PinnedTransport, Resolve, resolve_host

_MAX_REDIRECTS = 5
_MAX_SILENCE_S = 10.0
_HEADERS = {
    "User-Agent": f"onrecord/{version('onrecord')}",
    "Accept": "text/html, application/xhtml+xml, text/markdown, text/plain, */*;q=0.8",
    # The one encoding that can be unpacked to a limit.
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a fetch may cost.

    Attributes:
        max_bytes: of the content, packed and unpacked.
        seconds: from the look-up of the host to the last byte.
        private: whether hosts outside the public internet may be asked.
    """

    max_bytes: int
    seconds: float
    private: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave.

    Attributes:
        url: where it was found, after redirects; without a fragment.
        name: a file name whose suffix chooses the parser.
        at: when, UTC.
    """

    url: str
    name: str
    data: bytes
    at: datetime


def fetch(url: str, limits: FetchLimits, resolve: Resolve = resolve_host) -> Fetched:
    """Return the content of a URL. Not to be called from a coroutine: it runs a loop of its own.

    Raises:
        DocumentError: it cannot be reached, does not answer with content, is of a type that cannot
            be read, or exceeds a limit.
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
    except OSError as error:  # such as certificates that SSL_CERT_FILE does not name rightly
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
    """Return the content at the end of the redirects from `start`."""
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
            file = file_name(name, found, response.headers.get("content-type", ""))
            data = await _read(name, response, max_bytes)
        text = to_utf8(name, file, data, response.charset_encoding)
        return Fetched(found, file, text, datetime.now(UTC))
    raise DocumentError(name, f"redirected more than {_MAX_REDIRECTS} times")


async def _read(name: str, response: httpx.Response, max_bytes: int) -> bytes:
    """Return the content of a response, unpacked, and never hold more than the limit of it."""
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


class _Gzip:
    """Unpacks gzip, which may have several members one after the other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._member = zlib.decompressobj(wbits=31)

    def unpack(self, chunk: bytes, max_bytes: int) -> bytes:
        """Return up to `max_bytes` (at least 1) of the content; the rest is dropped."""
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
