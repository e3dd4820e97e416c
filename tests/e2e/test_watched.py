"""What an administrator sees of a day's work: figures, and a log without anyone's words."""

import json
import urllib.request
from pathlib import Path

from playwright.sync_api import expect

from .conftest import NewVisit, served, still

RACAN = "0720012X"  # Montval-sur-Loir
SAINT_CALAIS = (47.92, 0.745)
TOKEN = "Zk3x9QmWb7LrT2vYp5NcAd8e"  # noqa: S105 - of a link that leads nowhere


def test_a_run_is_counted_and_its_log_names_nobody(new_visit: NewVisit, tmp_path: Path) -> None:
    with served(tmp_path, GEOZONES_LOG="json") as url:
        visit = new_visit(url=url)
        visit.open("atelier")
        visit.drag(RACAN, *SAINT_CALAIS)
        expect(visit.tables().get_by_text("1 changement fait")).to_be_visible()
        still(visit.page)
        kept = visit.page.url.partition("scenario=")[2].partition("&")[0]
        visit.page.goto(f"{url}/?version={TOKEN}&nom=Marie%20Dupont")
        expect(visit.page.get_by_text("Ce lien")).to_be_visible()
        with urllib.request.urlopen(f"{url}/-/metrics") as answer:  # noqa: S310
            counted = answer.read().decode()
    assert 'geozones_changes_total{kind="move"} 1.0' in counted
    assert "geozones_sessions_total 2.0" in counted
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    told = [line["event"] for line in lines if "event" in line]
    assert {"session_opened", "change", "session_closed"} <= set(told)
    assert "fault" not in told
    assert kept
    for secret in (TOKEN, kept, "Marie", "Dupont", "Racan", RACAN):
        assert secret not in log
