from pathlib import Path

import pytest

from kernel.redis import LuaScript, get_client

HEADER = "-- count: add one\n-- KEYS  counter\n-- ARGV  by\n-- Reply the new count\n-- Cost  O(1)\n"


def script(folder: Path, text: str) -> LuaScript:
    path = folder / "count.lua"
    path.write_text(text)
    return LuaScript(path)


def test_a_script_that_redis_has_forgotten_is_sent_again(tmp_path: Path) -> None:
    count = script(tmp_path, HEADER + "return redis.call('INCRBY', KEYS[1], ARGV[1])")
    client = get_client("cache")
    client.delete("test:counter")
    assert count(client, ["test:counter"], [2]) == 2
    client.script_flush()
    assert count(client, ["test:counter"], [3]) == 5


@pytest.mark.parametrize("part", ["KEYS", "ARGV", "Reply", "Cost"])
def test_a_script_whose_header_leaves_something_out_does_not_load(tmp_path: Path, part: str) -> None:
    lines = [line for line in HEADER.splitlines() if f"-- {part}" not in line]
    with pytest.raises(ValueError, match=part):
        script(tmp_path, "\n".join([*lines, "return 1", f"-- {part} too late"]))


def test_a_process_has_one_client_for_each_purpose() -> None:
    assert get_client("stock") is get_client("stock")
    assert get_client("stock") is not get_client("cache")
