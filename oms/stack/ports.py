"""TCP ports: is one free, which one shall a server of ours have."""

import json
import random
import socket
from pathlib import Path

from oms.stack.errors import StackError
from oms.stack.installation import write_private

# Below the range from which the kernel takes ports for outgoing connections.
EMBEDDED_PORTS = range(20000, 32000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_answering(host: str, port: int, timeout: float = 0.5) -> bool:
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False


def pick() -> int:
    for _ in range(200):
        port = random.choice(EMBEDDED_PORTS)
        if is_free(port):
            return port
    raise StackError("No free port was found between 20000 and 32000: stop something that listens there.")


def kept(file: Path, name: str) -> int:
    """The port chosen for this server at its first start; another one only if a stranger took it meanwhile."""
    ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    if name not in ports or not is_free(ports[name]):
        ports[name] = pick()
        write_private(file, json.dumps(ports))
    return ports[name]
