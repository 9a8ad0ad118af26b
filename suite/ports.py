"""TCP ports: which are free."""

import socket

from suite.errors import PortTaken


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, *, host: str, who: str, option: str) -> None:
    """Raises `PortTaken` when somebody listens on `port` (connections that only linger from an earlier run do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise PortTaken(port, who=who, option=option) from error
