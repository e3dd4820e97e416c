"""Findings and decisions of a bilan, and what its areas have of their own."""

import re
from dataclasses import replace
from datetime import date

import pytest

from geozones.domain.events import read_change
from geozones.domain.field_journal import Journal, journal_of
from geozones.features.experiment.model import (
    ENOUGH,
    BilanLine,
    area_of,
    as_supposed,
    bilan_of,
    decisions_of,
    hypothesis_rows,
    lines_of,
    observer,
    part_cells,
)
from geozones.features.experiment.observed import (
    BY_KEY,
    BilanVerdict,
    Estimate,
    Observed,
    verdict_of,
)
from geozones.workspace.figures.study import Study, study_of
from helpers.sample_files import sample_of, school_days


def seen(days: int = 40, **estimates: Estimate) -> Observed:
    nothing: dict[str, Estimate | None] = dict.fromkeys(BY_KEY)
    return Observed(days, 0, nothing | estimates)


def line_of(key: str, estimate: Estimate, hoped: float) -> BilanLine:
    figures = (BY_KEY[key],)
    (line,) = lines_of(seen(**{key: estimate}), {key: hoped}, figures)
    return line


@pytest.mark.parametrize(
    ("key", "value", "hoped", "told"),
    [
        ("visits_per_month", 0.67, 1.0, ("0,67 par mois", "1,00")),
        ("cover_share", 0.75, 0.9, ("75 %", "90")),
        ("cover_minutes", 24.0, 15.0, ("24 min", "15")),
    ],
)
def test_a_finding_says_what_happened_and_what_was_expected(
    key: str, value: float, hoped: float, told: tuple[str, str]
) -> None:
    near = Estimate(value, 0.99 * value, 1.01 * value + 0.01, 200)
    said = line_of(key, near, hoped).finding.replace("\u00a0", " ")
    assert re.search(f"{told[0]}, au lieu de {told[1]}$", said)


def test_less_than_a_month_of_work_and_a_wide_interval_show_nothing() -> None:
    figure, clear = BY_KEY["visits_per_month"], Estimate(0.2, 0.1, 0.3, 40)
    assert verdict_of(figure, clear, 1.0, 40) is BilanVerdict.LESS
    assert verdict_of(figure, clear, 1.0, 17) is BilanVerdict.UNSURE
    assert verdict_of(figure, clear, None, 40) is BilanVerdict.NOT_MODELLED
    for high, verdict in ((0.99, BilanVerdict.LESS), (1.2, BilanVerdict.UNSURE)):
        assert verdict_of(figure, Estimate(0.0, 0.0, high, 0), 1.0, 40) is verdict
    assert verdict_of(figure, Estimate(0.9, 0.7, 1.2, 40), 1.0, 40) is BilanVerdict.AS_EXPECTED
    share = BY_KEY["cover_share"]
    for value, verdict in ((0.5, BilanVerdict.WORSE), (0.99, BilanVerdict.BETTER)):
        assert verdict_of(share, Estimate(value, value, value, 90), 0.9, 40) is verdict


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 4, study.atlas.school), 3)


def test_the_most_telling_finding_is_the_title_and_an_empty_bilan_has_a_plain_one(
    study: Study, journal: Journal
) -> None:
    bilan = bilan_of(study, journal, sector="mayenne")
    outside = [line for line in bilan.lines if line.finding in bilan.findings]
    assert bilan.title == max(outside, key=lambda line: line.gap).finding
    visits = next(line for line in bilan.lines if line.figure.key == "visits_per_month")
    assert (visits.verdict, visits.expected) == (BilanVerdict.MORE, "1,00\u00a0par mois")
    assert visits.counted.endswith("visites")
    assert bilan.invented
    empty = bilan_of(study, Journal())
    few = "Trop peu d'observations pour juger ce qui était prévu"
    assert (empty.title, empty.findings, empty.decisions) == (few, (), ())
    known = replace(visits, verdict=BilanVerdict.AS_EXPECTED)
    unsure = replace(visits, verdict=BilanVerdict.UNSURE)
    assert replace(empty, lines=(known, known)).title == "Tout se passe comme prévu"
    assert replace(empty, lines=(known, unsure)).title == (
        "1\u00a0chiffre conforme à ce qui était prévu, 1\u00a0encore trop peu observé"
    )


def test_a_decision_has_the_effect_that_retaining_has_and_is_not_asked_again(
    study: Study, journal: Journal
) -> None:
    watched = observer(study, journal)
    decisions = bilan_of(study, journal, sector="mayenne").decisions
    (visits,) = (text for text in decisions if "Visites de continuité" in text)
    row = next(row for row in hypothesis_rows(study, watched) if row.name == "visits_per_month")
    value = row.event["observed"]["value"]
    analysis = study.analysis.with_cost_settings(
        replace(study.settings.cost, visits_per_month=value)
    )
    before = round(study.cost(sector_id="mayenne").total_hours)
    after = round(replace(study, analysis=analysis).cost(sector_id="mayenne").total_hours)
    assert after > before
    shown = f"{value:.2f}".replace(".", ",")
    told = visits.replace("\u00a0", " ")
    assert told.startswith(f"Visites de continuité : retenir {shown} par mois (")
    assert told.endswith(
        f"comme hypothèse, au lieu de 1,00 par mois ? {after - before} h de plus par an."
    )
    # the largest effect on the cost first, those without effect last
    asked = [text for text in decisions if "retenir" in text]
    hours = [
        int(found[1]) if (found := re.search(r"(\d+)\u00a0h de (plus|moins)", text)) else 0
        for text in asked
    ]
    assert hours == sorted(hours, reverse=True)
    state = read_change("adopt_hypothesis", row.event).apply(study.state)
    after_it = bilan_of(study_of(study.analysis, state), journal, sector="mayenne").decisions
    assert after_it == tuple(text for text in decisions if text != visits)


def test_the_decision_that_weighs_most_comes_first(
    study: Study, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = observer(study, journal)
    observed = seen(
        visits_per_month=Estimate(1.02, 1.01, 1.03, 900),
        absence_rate=Estimate(0.25, 0.24, 0.26, 900),
    )
    monkeypatch.setattr(watched, "observe", lambda _: observed)
    lines = (
        line_of("cover_share", Estimate(0.5, 0.4, 0.6, 90), 0.9),
        line_of("cover_minutes", Estimate(30.0, 29.0, 31.0, 90), 15.0),
    )
    area = area_of(study, watched, "mayenne")
    most, least, *worse = decisions_of(study, watched, area, lines)
    assert most.startswith("Taux d'absence : retenir")
    assert least.startswith("Visites de continuité : retenir")
    assert ["relève a roulé" in text for text in worse] == [True, False]  # nearly twice as long


def test_a_figure_worse_than_planned_is_asked_about_and_an_unsure_one_asks_for_more(
    study: Study, journal: Journal
) -> None:
    watched = observer(study, journal)
    area = area_of(study, watched, "mayenne")
    lines = (
        line_of("cover_share", Estimate(0.5, 0.4, 0.6, 90), 0.9),
        line_of("presence", Estimate(9.0, 8.9, 9.1, 90), 7.0),
        line_of("cover_minutes", Estimate(20.0, None, None, 1), 15.0),
    )
    *_, cover, unsure = decisions_of(study, watched, area, lines)
    assert cover.startswith("La part des demi-journées d'absence relevées est de 50")
    assert cover.endswith("faut-il revoir les zones et les postes où la relève manque ?")
    assert unsure.startswith("Trajet pour arriver à la relève : trop peu d'observations")
    assert not any("présence" in text for text in decisions_of(study, watched, area, lines))


def test_the_bilan_still_says_what_was_expected_once_it_is_retained(
    study: Study, journal: Journal
) -> None:
    row = hypothesis_rows(study, observer(study, journal))[0]
    assert row.event is not None
    state = read_change("adopt_hypothesis", row.event).apply(study.state)
    kept = study_of(study.analysis, state)
    assert as_supposed(kept).settings == study.settings
    before, after = (bilan_of(one, journal, sector="mayenne") for one in (study, kept))
    assert after.lines == before.lines


def test_too_few_observations_are_said_and_not_retained(study: Study, journal: Journal) -> None:
    days = school_days(date(2025, 11, 3), 1, study.atlas.school)[:4]
    short = sample_of(study, ["mayenne"], days, 3)
    rows = {row.name: row for row in hypothesis_rows(study, observer(study, short))}
    assert rows["absence_rate"].event is None
    assert f"il en faut {ENOUGH}" in rows["absence_rate"].why_not
    alone = hypothesis_rows(study, observer(study, Journal(short.interventions)))
    nothing = {row.name: row for row in alone}["absence_days"]
    assert (nothing.event, nothing.observed) == (None, "")
    # beyond the bounds of the tool
    often = [
        row._replace(day=row.day, minute=minute, lycee=lycee, ticket=f"{row.ticket}{lycee}{minute}")
        for row in journal.interventions
        for lycee in study.plan.lycees_of("mayenne")
        for minute in (480, 840)
    ]
    visits = hypothesis_rows(study, observer(study, journal_of(often)))[0]
    assert visits.event is None


def test_requests_add_up_from_lycees_to_the_whole_and_a_difference_is_said(
    study: Study, journal: Journal
) -> None:
    tickets = [row for row in journal.interventions if row.ticket]
    lost = [row._replace(lycee="", ticket=f"{row.ticket} bis") for row in tickets[:38]]
    held = journal_of([*journal.interventions, *lost], journal.absences, journal.trips)
    whole = bilan_of(study, held)
    total = len(tickets)

    def requests(zone: str | None = None, sector: str | None = None) -> int:
        parts = bilan_of(study, held, zone=zone, sector=sector).parts
        return sum(int(part_cells(seen)[0].replace("\u202f", "")) for _, seen in parts)

    told = [text.replace("\u202f", "").replace("\u00a0", " ") for text in whole.counts]
    assert told[0] == (
        f"{total + 38} demandes, dont 38 sans lycée reconnu : les tableaux en comptent {total}."
    )
    assert requests() == requests(sector="mayenne") == total
    sector = bilan_of(study, held, sector="mayenne")
    assert [(area.kind, area.name) for area, _ in sector.parts] == [
        ("zone", f"la zone {zone.name}") for zone in study.plan.zones_of("mayenne")
    ]
    for area, figures in sector.parts:
        assert requests(zone=area.key) == figures.requests
    with pytest.raises(Exception, match="zone"):
        bilan_of(study, held, zone="nulle part")
