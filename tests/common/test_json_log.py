"""The log in JSON keeps what an administrator needs, and nothing of what people wrote."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.common.json_log import JsonFormatter, TelemetryEvent, record_event, wants_json


@pytest.fixture
def logged() -> Iterator[Any]:
    """A logger, and what it wrote: one JSON object a line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("geozones.events")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield logger, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(before)


def test_what_happens_is_one_line_with_its_facts(logged: Any) -> None:
    _, lines = logged
    record_event(TelemetryEvent.CHANGE, kind="move", count=2)
    (line,) = lines()
    assert (line["event"], line["kind"], line["count"]) == ("change", "move", 2)
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize("said", ["Marie Dupont", "12, rue de la Paix", "x" * 41, "a@b.fr", "é"])
def test_a_fact_that_is_no_code_is_not_kept(logged: Any, said: str) -> None:
    _, lines = logged
    record_event(TelemetryEvent.EXPORT, format=said)
    assert lines()[0]["format"] == "other"


def test_an_error_keeps_its_class_and_place_not_its_message(logged: Any) -> None:
    logger, lines = logged
    try:
        {}["Marie Dupont"]
    except KeyError as error:
        logger.exception("Fault 12AB34")
        logger.warning("not kept: %s", error)
    text = json.dumps(lines(), ensure_ascii=False)
    assert "Marie" not in text
    assert lines()[0]["error"] == "KeyError"
    assert lines()[0]["where"][-1].startswith("tests/common/test_json_log.py:")
    assert lines()[1]["message"] == "not kept: KeyError"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("to postgresql://ada:s3cret@db/geo", "to postgresql://…@db/geo"),
        ("for marie.dupont@region.example here", "for <e-mail> here"),
        ("GET /partager?version=abc&x=1 200", "GET /partager?… 200"),
        ("10.12.0.7:40312 - accepted", "<ip>:40312 - accepted"),
        ("from 2001:db8:0:1::17 now", "from <ip> now"),
        ("127.0.0.1:8501 at 12:30:05", "127.0.0.1:8501 at 12:30:05"),
        ("session 3f2a9c1b-77aa-4e0d-9c11-0a1b2c3d4e5f", "session <code>"),
    ],
)
def test_what_libraries_say_is_kept_without_secrets_and_addresses(
    logged: Any, said: str, kept: str
) -> None:
    logger, lines = logged
    logger.warning("%s", said)
    assert lines()[0]["message"] == kept


def test_a_form_of_log_that_is_none_is_refused() -> None:
    assert not wants_json({})
    assert wants_json({"GEOZONES_LOG": "json"})
    with pytest.raises(InputError, match="json"):
        wants_json({"GEOZONES_LOG": "xml"})
