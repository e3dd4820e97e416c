"""Findings, decisions and map of a bilan, and the drawing of its figures."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest

from geozones.domain.field_journal import OUTSIDE, BilanVerdict, Journal
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed
from geozones.experiment.observed_figures import BY_KEY, FIGURES, bilan_line, verdict_of
from geozones.export.bilan.content import interval_svg
from geozones.render.first_picture import zone_picture
from geozones.workspace.experiment.areas import observed_map, observer, sector_area, zone_area
from geozones.workspace.experiment.bilan import bilan_of
from geozones.workspace.experiment.findings import findings_of, hypothesis_rows, plain_title
from geozones.workspace.study import Study
from helpers.sample_files import sample_of, school_days


def seen(days: int = 40, **estimates: Estimate) -> Observed:
    nothing: dict[str, Estimate | None] = {figure.key: None for figure in FIGURES}
    return Observed(None, None, days, 5, nothing | estimates, ())


@pytest.mark.parametrize(
    ("key", "value", "hoped", "told"),
    [
        (
            "visits_per_month", 0.67, 1.0,
            "Une visite de continuité sur trois n'a pas eu lieu : 0,67 par mois, au lieu de 1,00",
        ),
        (
            "tis_visits", 0.8, 2.0,
            "Trois visites de T.I.S. sur cinq n'ont pas eu lieu : "  # noqa: ISC004
            "0,80 par mois et par lycée, au lieu de 2,00",
        ),
        (
            "visits_per_month", 0.94, 1.0,
            "6 % des visites de continuité n'ont pas eu lieu : 0,94 par mois, au lieu de 1,00",
        ),
        (
            "visits_per_month", 0.0, 1.0,
            "Aucune visite de continuité n'a eu lieu, au lieu de 1,00 par mois",
        ),
        (
            "visits_per_month", 1.44, 1.0,
            "44 % de visites de continuité de plus que prévu : 1,44 par mois, au lieu de 1,00",
        ),
        (
            "cover_share", 0.75, 0.9,
            "Une demi-journée d'absence sur quatre n'a pas été relevée, au lieu de 10 %",
        ),
        (
            "presence", 7.0, 7.7,
            "En moyenne, un lycée a eu 7,0 demi-journées de présence par semaine, au lieu de 7,7",
        ),
        (
            "absence_rate", 0.08, 0.05,
            "Les absences ont pris 8,0 % des jours de travail, au lieu de 5,0",
        ),
        ("drive_ratio", 1.12, 1.0, "Les trajets ont duré 12 % de plus que les durées calculées"),
    ],
)  # fmt: skip
def test_a_finding_says_what_happened_and_what_was_expected(
    key: str, value: float, hoped: float, told: str
) -> None:
    near = Estimate(value, 0.99 * value, 1.01 * value + 0.01, 200)
    (finding,) = findings_of(seen(**{key: near}), {key: hoped})
    assert finding.text.replace("\u00a0", " ") == told


def test_the_most_telling_finding_is_first_and_the_others_are_no_findings() -> None:
    held = seen(
        visits_per_month=Estimate(1.1, 1.05, 1.15, 900),
        absence_days=Estimate(3.0, 2.5, 3.5, 80),
        # far from its expectation, but nobody is sure of it
        tis_visits=Estimate(0.2, None, None, 1),
        absence_rate=Estimate(0.15, 0.04, 0.3, 3),
        interventions=Estimate(900.0, 890.0, 910.0, 3000),
    )
    expects = {
        "visits_per_month": 1.0,
        "absence_days": 5.0,
        "tis_visits": 2.0,
        "absence_rate": 0.05,
    }
    found = findings_of(held, expects)
    assert [finding.key for finding in found] == ["absence_days", "visits_per_month"]
    assert found[0].gap == pytest.approx(math.log(5.0 / 3.5))


def test_less_than_a_month_of_work_and_a_wide_interval_show_nothing() -> None:
    clear = {"visits_per_month": Estimate(0.2, 0.1, 0.3, 40)}
    assert findings_of(seen(**clear), {"visits_per_month": 1.0})
    assert not findings_of(seen(days=17, **clear), {"visits_per_month": 1.0})
    figure = BY_KEY["visits_per_month"]
    for high, verdict in ((0.99, BilanVerdict.LESS), (1.2, BilanVerdict.UNSURE)):
        assert verdict_of(figure, Estimate(0.0, 0.0, high, 0), 1.0, 40) is verdict
    assert verdict_of(figure, Estimate(0.9, 0.7, 1.2, 40), 1.0, 40) is BilanVerdict.AS_EXPECTED


def test_a_bilan_without_finding_has_a_plain_title(study: Study) -> None:
    known, unsure = BilanVerdict.AS_EXPECTED, BilanVerdict.UNSURE
    assert plain_title([known, known, BilanVerdict.NOT_MODELLED]) == "Tout se passe comme prévu"
    assert plain_title([known, unsure]) == (
        "1\u00a0chiffre conforme à ce qui était prévu, 1\u00a0encore trop peu observé"
    )
    few = "Trop peu d'observations pour juger ce qui était prévu"
    assert plain_title([unsure]) == few
    empty = bilan_of(study, Journal())
    assert (empty.title, empty.findings, empty.decisions) == (few, (), ())


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 4, study.atlas.school), 3)


def test_a_decision_has_the_effect_that_adopting_it_has(study: Study, journal: Journal) -> None:
    watched = observer(study, journal)
    decisions = bilan_of(study, journal, sector="mayenne").decisions
    (visits,) = (text for text in decisions if "visites de continuité" in text)
    row = next(row for row in hypothesis_rows(study, watched) if row.name == "visits_per_month")
    assert row.event is not None
    value = row.event[1]["observed"]["value"]
    cost = study.settings.cost
    adopted = study.analysis.with_cost_settings(replace(cost, visits_per_month=value))
    before = round(study.cost(sector_id="mayenne").total_hours)
    after = round(replace(study, analysis=adopted).cost(sector_id="mayenne").total_hours)
    assert after > before
    shown = f"{value:.2f}".replace(".", ",")
    assert visits.replace("\u00a0", " ") == (
        f"Porter les visites de continuité de 1,00 à {shown} par mois : "
        f"{after - before} h de plus par an."
    )
    # the largest effect on the cost first, those without effect last
    hours = [
        int(found[1]) if (found := re.search(r": (\d+)\u00a0h de (plus|moins)", text)) else 0
        for text in decisions
    ]
    assert hours == sorted(hours, reverse=True)


def test_a_bar_goes_from_the_low_to_the_high_end_and_what_was_expected_is_in_the_middle() -> None:
    line = bilan_line(BY_KEY["visits_per_month"], Estimate(1.5, 1.2, 1.8, 90), 1.0, 40)
    assert line.verdict in OUTSIDE
    svg = interval_svg(line)
    wide = float(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    rects = [
        (float(x), float(width))
        for x, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    ]
    scale, _, interval, mark = rects
    share = [(x - scale[0]) / scale[1] for x in (interval[0], sum(interval))]
    assert share == pytest.approx([1.2 / 2, 1.8 / 2], abs=0.005)
    assert mark[0] + mark[1] / 2 == pytest.approx(wide / 2, abs=0.2)
    assert line.described.replace("\u00a0", " ") == (
        "Visites de continuité : observé au rythme de 1,50 par mois, intervalle à 95 % de "
        "1,20 à 1,80, attendu 1,00 par mois, d'après 90 visites sur 40 jours ouvrés"
    )


def test_the_map_numbers_the_zones_and_colours_them_by_what_was_observed(
    study: Study, journal: Journal
) -> None:
    watched = observer(study, journal)
    shown = observed_map(study, watched, sector_area(study, "mayenne"), ("visits_per_month",))
    assert shown is not None
    zones = [zone for zone in study.plan.zones_of("mayenne") if study.plan.members(zone.id)]
    assert {zone.name for zone in shown.zones} == {zone.name for zone in zones}
    assert [zone.number for zone in shown.zones] == [study.zone_numbers[zone.id] for zone in zones]
    drawn = {zone.id: zone for zone in shown.scene.zones}
    for zone in shown.zones:
        assert drawn[zone.zone].colour == zone.colour
        assert not drawn[zone.zone].aside
        assert zone.line is not None
        assert zone.value == zone.line.value
        assert f"{zone.number}. {zone.name} : {zone.value}" in shown.described
    assert sum(not zone.aside for zone in shown.scene.zones) == len(zones)
    assert {colour for colour, _ in shown.legend} == {zone.colour for zone in shown.zones}
    assert re.findall(r">(\d+)</text>", zone_picture(shown.scene)) == [
        str(zone.number) for zone in shown.zones
    ]
    assert observed_map(study, watched, zone_area(study, zones[0].id), ()) is None
    nothing = observer(study, Journal())
    assert observed_map(study, nothing, sector_area(study, "mayenne"), ()) is None
