"""Which network addresses a host has, and which of them are on the public internet."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str], Sequence[str]]
"""Returns the IP addresses of a host, or raises OSError or UnicodeError."""

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


def resolve_host(host: str) -> Sequence[str]:
    """Return the addresses that the system knows of a host, in the order to try them.

    Raises:
        OSError: the host is not known.
        UnicodeError: the name cannot be one of a host.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    Private, loopback, link-local, shared (RFC 6598), multicast and reserved ones are not, nor are
    IPv6 addresses that stand for an IPv4 address of these kinds.
    """
    return _is_public(ip_address(address))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if (inner := _embedded(address)) is not None:
            return _is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address are handed on to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
