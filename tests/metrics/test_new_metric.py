"""A metric added at run time is wherever its record says: nothing else names metrics."""

import csv
import io
import json
from statistics import pstdev

import openpyxl
import pytest

from geozones.export.registry import format_of
from geozones.metrics import REGISTRY, Better, Change, Metric, MetricPlace, shown_in
from geozones.metrics.metric import MINUTES, AreaView, ZoneView
from geozones.ui.carte import drawer
from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets import html, panel
from geozones.workspace.figures.plan_comparison import compare_regions
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan

NBSP = "\u00a0"
#: N1 has drives of 9, 11 and 22 minutes; N2 and S1 of 10, 10 and 20.
OF_N1 = pstdev([9, 11, 22])


def _spread(zone: ZoneView) -> float | None:
    return pstdev([pair[0] for pair in zone.pairs]) if zone.pairs else None


def _area_spread(area: AreaView) -> float:
    return pstdev([pair[0] for _, view, _ in area.zones for pair in view.pairs])


SPREAD = Metric(
    key="zz_test_only",
    label="Écart pour essai",
    unit="min",
    format=MINUTES,
    better=Better.LOWER,
    of_zone=_spread,
    of_area=_area_spread,
    places=frozenset(MetricPlace),
    column="zz_essai_min",
)


@pytest.fixture
def region(toy: Study, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The toy region with a metric more, under a threshold that no other test has seen."""
    assert SPREAD.key not in REGISTRY
    monkeypatch.setitem(REGISTRY, SPREAD.key, SPREAD)
    return study_of(toy.analysis.with_max_minutes(44.25))


def test_the_json_has_it(region: Study) -> None:
    answer = region.metrics_json()
    assert answer["zones"]["N1"]["zz_test_only"] == pytest.approx(OF_N1)
    assert answer["region"]["zz_test_only"] is not None


def test_the_strip_shows_it(region: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(html.st, "html", shown.append)
    panel.key_figures(region, "nord", "N1")
    assert SPREAD in shown_in(MetricPlace.STRIP)
    assert "Écart pour essai" in shown[0]
    assert f"{round(OF_N1)}{NBSP}min" in shown[0]


def test_the_panel_and_the_table_of_zones_show_it(region: Study) -> None:
    assert "Écart pour essai" in str(panel.details(region, Selection(sector="nord", zone="N1")))
    assert "Écart pour essai" in str(drawer.zones_table(region, None, "de la région"))


def test_the_comparison_has_it_in_files(region: Study) -> None:
    after = region.with_plan(region.plan.move("D", "S1"))
    changes = compare_regions(region, after)
    (change,) = (change for change in changes if change.metric is SPREAD)
    assert isinstance(change.difference, float)
    assert change.better is (change.difference < 0)
    trial = dossier(of_plan(after, "essai.json"), ExportView("before-after"))
    assert "Écart pour essai" in format_of("html").make(trial).decode()


def test_the_workbook_and_the_data_files_have_it(region: Study) -> None:
    shown = dossier(of_baseline(region.analysis), ExportView())
    book = openpyxl.load_workbook(io.BytesIO(format_of("xlsx").make(shown)))
    head, first, *_ = book.worksheets[2].iter_rows(values_only=True)
    column = head.index("Écart pour essai de la zone (min)")
    assert first[column] == round(OF_N1, 1)
    text = format_of("csv").make(shown).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert row["zone_zz_essai_min"] == f"{OF_N1:.1f}".replace(".", ",")
    features = json.loads(format_of("geojson").make(shown))["features"]
    zone = next(f["properties"] for f in features if f["id"] == "zones/N1")
    assert zone["zz_essai_min"] == round(OF_N1, 1)


@pytest.mark.parametrize(
    ("key", "before", "after", "text", "better"),
    [
        ("max_minutes", 40.0, 45.04, "+5,0", False),
        ("max_minutes", 45.0, 45.04, "=", None),
        ("max_minutes", 44.04, 44.16, "+0,2", False),  # as written: from 44,0 to 44,2
        ("max_minutes", float("inf"), 45.0, "\u2212∞", True),
        ("max_minutes", float("inf"), float("inf"), "=", None),
        ("max_minutes", None, 45.0, "—", None),
        ("cover_near_share", 50.0, 75.0, "+25", True),
        ("posts", 3, 4, "+1", False),
    ],
)
def test_a_change_says_its_difference_and_whether_it_is_better(
    key: str, before: float | None, after: float | None, text: str, *, better: bool | None
) -> None:
    change = Change(REGISTRY[key], before, after)
    assert change.difference_text == text
    assert change.better is better


def test_values_are_written_with_their_unit_or_said_to_be_missing() -> None:
    longest, delay, cost = (
        REGISTRY[key] for key in ("max_minutes", "cover_p90_minutes", "objective")
    )
    assert longest.write(67.7) == f"68{NBSP}min"
    assert longest.write(67.7, 1) == f"67,7{NBSP}min"
    assert (longest.write(None), longest.write(float("inf"))) == ("—", "sans accès")
    assert (delay.write(None), delay.write(float("inf"))) == ("non renseigné", "personne")
    assert cost.write(float("inf")) == "—"
    assert Change(longest, 63.2, 67.7).arrow() == f"63 → 68{NBSP}min"
    assert Change(longest, 67.6, 67.7).arrow() == f"68{NBSP}min"
