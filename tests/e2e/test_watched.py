"""What an administrator sees of a day's work: figures, and a log without anyone's words.

No browser: tabs speak Streamlit's own protocol.
"""

import json
import urllib.request
from pathlib import Path

import pytest

from benchmarks.streamlit_client import Planner
from helpers.raw_tab import Tab

from .conftest import served
from .test_visitors_apart import within_two_minutes

RACAN = "0720012X"  # Montval-sur-Loir
TOKEN = "Zk3x9QmWb7LrT2vYp5NcAd8e"  # noqa: S105 - of a link that leads nowhere


async def day(url: str) -> str:
    """Move a lycée, then follow a link that leads nowhere; return the code of the scenario."""
    async with Planner(url, "mode=modifier") as planner:
        answer = await planner.gesture(event="drop", id=RACAN, lat=0, lon=0, zone="SAR-4")
        assert answer.head is not None
        kept = planner.scenario
        assert kept
    async with Tab(url, f"version={TOKEN}&nom=Marie%20Dupont") as tab:
        assert "Ce lien" in tab.said
    return kept


@pytest.mark.slow
def test_a_run_is_counted_and_its_log_names_nobody(tmp_path: Path) -> None:
    with served(tmp_path, GEOZONES_LOG="json") as url:
        kept = within_two_minutes(day(url))
        with urllib.request.urlopen(f"{url}/-/metrics") as answer:  # noqa: S310
            counted = answer.read().decode()
    assert 'geozones_changes_total{kind="move"} 1.0' in counted
    assert "geozones_sessions_total 2.0" in counted
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line["event"] for line in lines if "event" in line]
    assert {"session_opened", "change", "session_closed"} <= set(told)
    assert "fault" not in told
    for secret in (TOKEN, kept, "Marie", "Dupont", "Racan", RACAN):
        assert secret not in log
