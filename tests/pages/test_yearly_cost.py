"""Yearly figures on pages: part « Année » of « Équipes », hours of scenarios side by side."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from geozones.common.french import long_date, number
from geozones.metrics import metric
from geozones.ui.state.page_views import TeamView
from geozones.ui.state.session_views import Current
from geozones.ui.widgets.panel import changes_side_by_side
from geozones.workspace.figures.costs import ITEMS
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, read

FIVE = ("road_hours", "unattended_hours", "absorbed_share", "posts", "worst_releve_minutes")


@pytest.fixture
def equipes(service: Scenarios) -> AppTest:
    """The part « Année », of the zone that is shown first."""
    assert service is not None
    app = opened("equipes")
    app.segmented_control(key="TeamView.part").set_value("annee").run()
    return app


def total(app: AppTest) -> str:
    """The first figure of the strip."""
    return read(app).partition("Coût annuel</span>")[2].partition("</span>")[0].rpartition(">")[2]


def test_the_five_figures_come_first_then_the_cost_by_item(equipes: AppTest, study: Study) -> None:
    text = read(equipes)
    zone = next(zone for zone in study.plan.zones if study.plan.members(zone.id))
    assert f"pour la zone {zone.name} (par an)" in text
    for item in ITEMS.values():
        assert item.label in text
        assert item.formula not in text
    assert "CO₂" not in text
    figures = [metric(key).short for key in FIVE]
    ranks = [text.index(f">{label}<") for label in figures]
    assert ranks == sorted(ranks)
    assert ranks[-1] < text.index("Kilomètres") < text.index("D'où vient le coût")
    # what the total leaves out is under it
    places = [text.index(part) for part in ("Tournées", "<b>Total</b>", "(hors du coût)")]
    assert places == sorted(places)
    hours = study.cost(zone_id=zone.id).total_hours
    assert total(equipes) == f"{hours:.0f}\u00a0h"


def test_a_hypothesis_out_of_range_is_said_and_kept_as_typed(equipes: AppTest) -> None:
    before = total(equipes)
    for typed, why in (("nan", "pas un nombre"), ("", "Il manque"), ("200", "hors bornes")):
        field(equipes).set_value(typed).run()
        assert why in read(equipes)
        assert (field(equipes).value, total(equipes)) == (typed, before)
    button = next(b for b in equipes.button if b.label == "Rétablir : 1")
    button.click().run()
    assert "La valeur reste" not in read(equipes)
    assert field(equipes).value == "1"


def test_the_region_has_a_line_a_sector_and_a_line_a_zone_with_km_and_euros(
    equipes: AppTest, study: Study
) -> None:
    equipes.selectbox(key="TeamView.sector").select("mayenne").run()
    table = read(equipes).partition("Par secteur et par zone")[2].partition("</table>")[0]
    for zone in study.plan.zones_of("mayenne"):
        line = table.partition(zone.name)[2].partition("</tr>")[0]
        cost = study.cost(zone_id=zone.id)
        assert f">{number(cost.km)}<" in line
        assert f">{number(cost.euros)}<" in line


def field(app: AppTest, label: str = "Visites de continuité") -> TextInput:
    return next(one for one in app.text_input if one.label.startswith(label))


def test_two_hypotheses_and_the_rate_of_absence_are_there_to_change(equipes: AppTest) -> None:
    assert [one.label.split(",")[0].split(" (")[0] for one in equipes.text_input] == [
        "Visites de continuité", "Indemnité kilométrique",
    ]  # fmt: skip
    before = read(equipes)
    equipes.number_input(key="equipes.hypothese.absence_rate").set_value(9).run()
    assert read(equipes) != before


def test_a_retained_hypothesis_says_who_and_when_stands_under_what_is_typed_and_is_given_back(
    service: Scenarios,
) -> None:
    seen = {"count": 40, "first": "2026-01-05", "last": "2026-02-27"}
    work = service.new()
    for name, value in (("visits_per_month", 1.4), ("absence_rate", 0.07), ("absence_days", 8.0)):
        observed = {"value": value, "low": value, "high": value, **seen}
        data = {"hypothesis": name, "observed": observed}
        work = service.record(work, "adopt_hypothesis", data)
    at = long_date(work.timeline.events[-1].at)
    app = opened("equipes", TeamView(part="annee"), Current(work=service.open(work.saved.id)))
    app.segmented_control(key="TeamView.part").set_value("annee").run()
    retained = total(app)
    assert field(app).value == "1,4"
    assert app.number_input(key="equipes.hypothese.absence_rate").value == 7
    assert read(app).count(f"40\u00a0observations. Retenu par {work.saved.author}, le {at}.") == 3
    # what is typed stands over what is retained; « Rétablir » gives the retained value again
    field(app).set_value("2").run()
    assert total(app) != retained
    next(one for one in app.button if one.label == "Rétablir : 1,4").click().run()
    app.number_input(key="equipes.hypothese.absence_rate").set_value(9).run()
    next(one for one in app.button if one.label == "Rétablir : 7").click().run()
    assert (field(app).value, total(app)) == ("1,4", retained)
    app.button(key="retenu-rendre-absence_days").click().run()
    app.button(key="retenu-rendre-visits_per_month").click().run()
    assert field(app).value == "1"
    assert read(app).count("Retenu par") == 1
    assert total(app) != retained


RACAN = "0720012X"
_NUMBER = re.compile(r"[−+]?[\d\u202f]+")


def _number(text: str) -> int:
    sign = -1 if text.startswith("−") else 1
    return sign * int(re.sub(r"\D", "", text))


def test_a_difference_is_that_of_the_two_values_shown(study: Study) -> None:
    """Sarthe names no support centre: nothing of the cost depends on that."""
    away = study.with_plan(study.plan.move(RACAN, "SAR-4"))
    inside = study.with_plan(study.plan.move(RACAN, "MEL-1"))
    sides = {"Sarthe": plan_change(study, away), "Angers": plan_change(study, inside)}
    text = str(changes_side_by_side(sides))
    rows = [re.sub("<.*?>", "|", row) for row in text.split("<tr>")]
    checked = 0
    for name in ("Heures de route par an", "Heures sans technicien par an"):
        (row,) = (row for row in rows if name in row)
        _, *cells = row.replace("|", "").partition(name)[2].split("→")
        befores = [_NUMBER.findall(cell)[-1] for cell in row.replace("|", "").split("→")[:-1]]
        for before, cell in zip(befores, cells, strict=True):
            after, gap = _NUMBER.findall(cell)[:2]
            assert _number(gap) == _number(after) - _number(before), row
            checked += 1
    assert checked == 4
