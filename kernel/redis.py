"""Redis clients by purpose, and Lua scripts with a header that is checked when they are loaded.

A script is one file for one atomic act. Its header says what goes in, what comes out and what it costs:

    -- reserve: promise all lines or none
    -- KEYS  ...
    -- ARGV  ...
    -- Reply ...
    -- Cost  ...
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import redis
from django.conf import settings
from redis.exceptions import NoScriptError

Purpose = Literal["stock", "cache"]
HEADER = ("KEYS", "ARGV", "Reply", "Cost")


@cache
def get_client(purpose: Purpose) -> redis.Redis:
    """The client of this process for the stock gate or the cache: thread-safe, pooled, quick to give up, answers in
    bytes.
    """
    url = {"stock": settings.STOCK_REDIS_URL, "cache": settings.CACHE_URL}[purpose]
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2, health_check_interval=30)


class LuaScript:
    """One Lua file. Called with a client, keys and arguments; Redis forgets scripts when it restarts, so it is sent
    again then.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.text = path.read_text()
        missing = missing_header_parts(self.text)
        if missing:
            raise ValueError(f"{path.name} does not say its {', '.join(missing)} at the top")
        self.sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, client: Any, keys: list[str], args: list[Any]) -> Any:
        try:
            return client.evalsha(self.sha, len(keys), *keys, *args)
        except NoScriptError:
            return client.eval(self.text, len(keys), *keys, *args)


def missing_header_parts(text: str) -> list[str]:
    """Which of KEYS, ARGV, Reply and Cost the leading comment does not tell."""
    header = "\n".join(_leading_comment(text))
    return [part for part in HEADER if not re.search(rf"^--\s*{part}\b", header, re.MULTILINE)]


def _leading_comment(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines
