"""TCP ports: which are free."""

import errno
import socket

from suite.errors import PortTaken, SuiteError


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, *, host: str, who: str, option: str) -> None:
    """We could listen there (connections that only linger from an earlier run do not count). Raises `PortTaken`, or `SuiteError` for any other reason."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port, who=who, option=option) from error
            raise SuiteError(f"{who} cannot listen on {host}, port {port}: {error.strerror}.") from error
