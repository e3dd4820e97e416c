"""One clock: the day and the hour of the territory, wherever the machine and the browsers are."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.common import clock
from geozones.domain.settings import TerritoryManifest, territory, use_territory
from helpers.still_clock import put_at

ROOT = Path(__file__).parents[2]
#: Whatever else would tell the day, the hour or the zone of the machine or of a browser.
READS = re.compile(
    r"\b(date|datetime|dt)\.(today|now|utcnow)\b|\btime\.(time|localtime|gmtime|ctime)\b"
    r"|\bcontext\.timezone|\bfunc\.now\b|CURRENT_TIMESTAMP|\.astimezone\(\)"
)
#: They read the machine's clock; the second compares it with the time of a file.
MAY_READ = {
    "src/geozones/common/clock.py": "datetime.now",
    "src/geozones/travel/valhalla.py": "time.time",
}


@pytest.fixture
def zone() -> Iterator[None]:
    """Put the time zone of the machine and the territory back."""
    before = territory()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        yield
    time.tzset()
    use_territory(before)


@pytest.mark.usefixtures("zone")
def test_the_day_is_the_territory_s_whatever_the_machine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    put_at(monkeypatch, "2026-11-30T23:30:00+00:00")
    assert clock.today().isoformat() == "2026-12-01"
    assert clock.now().isoformat().startswith("2026-12-01T00:30:")
    use_territory(TerritoryManifest(time_zone="America/Cayenne"))
    assert clock.today().isoformat() == "2026-11-30"
    assert clock.local("2026-11-30T23:30:00.000+00:00").hour == 20
    assert clock.local_day("2026-12-01T01:30:00Z") == "2026-11-30"
    assert clock.local_day("2026-12-01") == "2026-12-01"
    use_territory(TerritoryManifest())
    assert clock.today().isoformat() == "2026-12-01"


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_nothing_else_reads_a_clock(folder: str) -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), match[0])
        for path in (ROOT / folder).rglob("*.py")
        for match in READS.finditer(path.read_text(encoding="utf-8"))
    }
    ours = {("tests/conftest.py", "datetime.now"), ("tests/conftest.py", ".astimezone()")}
    mine = Path(__file__).relative_to(ROOT).as_posix()
    found = {(path, read) for path, read in found if path != mine} - ours
    assert found == {item for item in MAY_READ.items() if folder == "src"}
