"""Times as a French reader expects them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from geozones.domain.french import moment

WHEN = datetime(2026, 10, 31, 23, 5, tzinfo=UTC)


def test_a_time_is_written_by_the_clock_it_was_read_on() -> None:
    assert moment(WHEN) == "31 octobre 2026, 23 h 05 (UTC)"
    assert moment(WHEN.astimezone(ZoneInfo("Europe/Paris"))) == "1er novembre 2026, 00 h 05"
