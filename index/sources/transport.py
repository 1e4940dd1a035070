"""An HTTP transport that connects only to addresses it has checked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from index.core.errors import DocumentError

Resolve = Callable[[str], Sequence[str]]
"""Returns the IP addresses of a host, or raises OSError or UnicodeError."""

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class PinnedTransport(httpx.AsyncBaseTransport):
    """Resolves a host once, checks each of its addresses, and connects to one of those.

    A second look-up could return another address than the one that was checked. The Host header and
    the name on the certificate stay those of the URL. Proxies are not used. `name` is the document,
    for errors; `private` allows addresses outside the public internet.
    """

    def __init__(self, name: str, resolve: Resolve, private: bool) -> None:
        self._name = name
        self._resolve = resolve
        self._private = private
        # Kept by address, a connection made for one host could serve another.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = httpx.AsyncHTTPTransport(
            verify=httpx.create_ssl_context(), trust_env=False, limits=limits
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response of the first address that accepts a connection.

        Raises:
            DocumentError: the host is unknown, or one of its addresses is not public.
            httpx.TransportError: no address can be reached.
        """
        url = request.url
        host = url.raw_host.decode("ascii")
        failure: httpx.TransportError = httpx.ConnectError("the host has no address")
        for address in await self._addresses(host):
            pinned = httpx.Request(
                request.method,
                url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._transport.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _addresses(self, host: str) -> Sequence[str]:
        # In a thread that nobody waits for: the system sets no time limit on a look-up.
        executor = ThreadPoolExecutor(1)
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(executor, self._resolve, host)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise DocumentError(self._name, f"the host {host} is not found: {reason}") from error
        finally:
            executor.shutdown(wait=False)
        if not self._private and not all(map(is_public, addresses)):
            raise DocumentError(
                self._name,
                f"{host} has a private address, which is refused; "
                "ONRECORD_FETCH_PRIVATE=true allows it",
            )
        return addresses


def resolve_host(host: str) -> Sequence[str]:
    """Return the addresses of a host, in the order to try them.

    Raises:
        OSError: the host is unknown.
        UnicodeError: the name cannot be one of a host.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Private, loopback, link-local, shared (RFC 6598), multicast and reserved addresses do not, nor
    do IPv6 addresses that stand for an IPv4 address of these kinds.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if (inner := _embedded(ip)) is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address are forwarded to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
