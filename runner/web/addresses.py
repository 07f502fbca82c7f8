"""The address of a server: a host and a port in, an open socket out."""

import errno
import os
import socket

from runner.errors import Fault

# At these addresses no key is needed, as only this machine reaches them. Requests must name one of them as their host, since a
# web page could else reach the server through a domain of its own that resolves to 127.0.0.1 (DNS rebinding).
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def url_host(host: str) -> str:
    """Return a host as URLs write it: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


def key_for(host: str, variable: str) -> str:
    """Return an environment variable's key; "" without one.

    Raise a Fault for a host that other machines reach, if there is no key.
    """
    key = os.environ.get(variable, "").strip()
    if not key and url_host(host) not in LOOPBACK:
        raise Fault(
            f"--host {host} can be reached from other machines, and there is no key. Either set one before, "
            f"export {variable}=..., or stay at 127.0.0.1"
        )
    return key


def listening(host: str, port: int) -> socket.socket:
    """Open a socket that listens; raise a Fault if it can't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        # Before the address is printed: a client that reads it may connect at once.
        opened.listen()
    except (OSError, OverflowError) as error:
        opened.close()
        raise Fault(_reason(host, port, error)) from error
    return opened


def _reason(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"the port {port} is in use by another program. Stop that one, or take another: --port {port + 1}, --port 0 for any"
        )
    return f"can't listen at {url_host(host)}:{port} ({error}). Name an address of this machine: --host, --port"
