"""Addresses from which keys may come: what is read there nobody else can have put in its place."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def trustworthy(address: str) -> bool:
    """Whether TLS vouches for what comes from there, or it does not leave this machine."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or any(each.isspace() or not each.isprintable() for each in address):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and local(host))


def local(host: str) -> bool:
    """Whether it is this machine, by a name that cannot mean another one."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def issuer_address(address: str) -> str:
    """The address of an OpenID provider, as it stands in its tokens. Raises ValueError when it is none."""
    if not trustworthy(address) or "?" in address or "#" in address:
        raise ValueError("takes an address https://…, or http://… on a loopback address, without a query")
    return address
