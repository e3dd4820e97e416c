"""One plan has one count of points to watch: proposed, accepted, on screen, in files, published."""

import io
import re
from pathlib import Path

import htpy
import openpyxl
import pytest

from geozones.domain import Plan
from geozones.domain.story import StepKind, Story, StoryStep
from geozones.features.webinar.use_cases import make_webinar
from geozones.metrics.metric_registry import watch_list
from geozones.ui.widgets import panel
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.exported_plan import of_plan
from helpers.fixture_types import Run

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


@pytest.fixture
def moves(study: Study) -> dict[str, str]:
    """One lycée changes sector; a zone is left without any."""
    return {RACAN: "SAR-4", **dict.fromkeys(study.plan.members("SLC-2"), "SLC-1")}


@pytest.fixture
def proposed(study: Study, moves: dict[str, str]) -> Plan:
    """The plan with these moves, as a search returns it: the zone is still there."""
    plan = study.plan
    for lycee, zone in moves.items():
        plan = plan.move(lycee, zone)
    assert plan.members("SLC-2") == ()
    return plan


@pytest.fixture
def scenario(
    study: Study, moves: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> str:
    """The id of a scenario where they were accepted: the zone is gone."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    store = open_store()
    service = Scenarios(study.analysis, lambda: store, LOCAL)
    data = {"create": [], "moves": moves, "remove": ["SLC-2"]}
    work = service.record(service.new(), "redraw", data)
    store.close()
    return work.saved.id


def test_the_strip_and_the_slide_have_the_count_of_the_list(
    study: Study, proposed: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = study.with_plan(proposed)
    known = watch_list(vigilance(seen))
    strip: list[htpy.Element] = []
    monkeypatch.setattr(panel.html, "show", strip.append)
    panel.key_figures(seen, None, None, study)
    shown = re.search(
        r"Points de vigilance</span>.*?value\">(\d+) .*?detail[^>]*>([^<]+)", str(strip[0])
    )
    assert int(shown.group(1)) == known.count
    assert known.doubt in shown.group(2)
    story = Story((StoryStep(StepKind.VIGILANCE),))
    (slide,) = make_webinar(of_plan(seen, "plan.json"), story).webinar.slides
    assert slide.page.title == known.text
    assert known.text.endswith(f", dont {known.to_confirm} à confirmer")


def test_a_page_and_a_workbook_have_that_count(scenario: str, answer: Run, tmp_path: Path) -> None:
    page, book = tmp_path / "plan.html", tmp_path / "plan.xlsx"
    answer("export", "--format", "html", "--scenario", scenario, "--out", str(page))
    answer("export", "--format", "xlsx", "--scenario", scenario, "--out", str(book))
    count = answer("vigilance", "--scenario", scenario)["count"]
    opened = re.search(r"<summary><strong>(\d+)\s", page.read_text(encoding="utf-8"))
    assert int(opened.group(1)) == count
    head, *rows = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["Vigilance"].values
    assert [row[head.index("Compté")] for row in rows].count("oui") == count


def test_a_change_of_sector_and_an_empty_zone_are_listed_and_not_counted(
    study: Study, proposed: Plan
) -> None:
    known = watch_list(vigilance(study.with_plan(proposed)))
    rules = {"sector_change", "zone_empty"}
    assert {point.rule for point in known.information} >= rules
    assert not {point.rule for point in known.counted} & rules
