"""An HTTP transport that connects to the very addresses it has checked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from index.core.errors import DocumentError
from index.sources.addresses import Resolve, is_public


class PinnedTransport(httpx.AsyncBaseTransport):
    """Resolves a host once, checks each of its addresses, and connects to one of those.

    A second look at the name could give another address than the one that was checked. The Host
    header and the name that the certificate must have stay those of the URL. Proxies are not used.
    """

    def __init__(self, name: str, resolve: Resolve, private: bool) -> None:
        """Set up a transport for one document.

        Args:
            name: the document, named in errors.
            resolve: gives the addresses of a host.
            private: whether addresses that are not public are allowed.
        """
        self._name = name
        self._resolve = resolve
        self._private = private
        # Connections are kept by address, and one made for a host must not serve another.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._transport = httpx.AsyncHTTPTransport(
            verify=httpx.create_ssl_context(), trust_env=False, limits=limits
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response of the first address that a connection can be made to.

        Raises:
            DocumentError: the host is not known, or has an address that is not public.
            httpx.TransportError: no address can be reached.
        """
        url = request.url
        host = url.raw_host.decode("ascii")
        failure: httpx.TransportError | None = None
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
        raise failure or httpx.ConnectError("the host has no address")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _addresses(self, host: str) -> Sequence[str]:
        # A thread of its own, not waited for: the system has no time limit on a look-up.
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
