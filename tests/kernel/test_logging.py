import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from kernel import correlation
from kernel.logging import redact


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, each line read as JSON, through the product's own formatter."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.addHandler(handler)

    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


def _formatter() -> logging.Formatter:
    found = [handler.formatter for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    assert found[0] is not None
    return found[0]


def test_our_own_and_the_libraries_lines_are_json_with_the_correlation_id(lines: Any) -> None:
    with correlation.bound("webhook-0001"):
        structlog.get_logger("ours").info("order_received", order_no="O1")
        logging.getLogger("theirs").warning("slow %s", "query")
    ours, theirs = lines()
    assert (ours["event"], ours["order_no"], ours["level"]) == ("order_received", "O1", "info")
    assert theirs["event"] == "slow query"
    assert ours["correlation_id"] == theirs["correlation_id"] == "webhook-0001"
    assert ours["timestamp"].endswith("Z")


def test_a_traceback_is_one_line(lines: Any) -> None:
    try:
        raise ValueError("call 13800001111")
    except ValueError:
        structlog.get_logger("ours").exception("broke")
    (line,) = lines()
    assert "Traceback" in line["exception"]
    assert "13800001111" not in line["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "call 13800001111",
        "+8613800001111",
        "id 110101199003078515",
        "id 11010119900307851X",
        "mail wang.li@example.com now",
    ],
)
def test_personal_data_that_slipped_in_is_blotted_out(text: str) -> None:
    assert "(personal)" in redact(None, "", {"detail": text})["detail"]


@pytest.mark.parametrize(
    "text", ["O261122000001237", "01a201a55b8e7e27a959f6349f6fda6f", "1763769600000", "tracking 73500012345678"]
)
def test_numbers_that_name_nobody_stay(text: str) -> None:
    assert redact(None, "", {"detail": text})["detail"] == text


def test_secrets_are_withheld_by_the_name_of_their_key() -> None:
    event = {"api_key": "x", "Authorization": "x", "app_secret": "x", "order_no": "O1"}
    assert set(redact(None, "", event).values()) == {"(withheld)", "O1"}
