"""The source document, verbatim: counts, each repair by name, and no other change."""

import pytest

from geozones.domain import Plan
from geozones.features.imports.model import planned
from geozones.intake.import_report import Report
from geozones.workspace.figures.study import Study

from .conftest import SOURCE, Import

# (line, field, was, now), in the order of the document
CODES = [
    (340, "", "X44-saint-philbert"),
    (349, "0490054T*", "0490020F"),
    (409, "04921235", "0492123S"),
]
NAMES = [
    (
        374,
        "Raphael Elize Centre de Soins Daguet Estournelle de Constant",
        "Estournelles de Constant",
    )
]


@pytest.fixture
def report(imported: Import) -> Report:
    return imported(SOURCE.read_bytes())


def test_the_calendar_is_that_of_the_shipped_plan_but_for_its_uncertain_readings(
    report: Report, study: Study
) -> None:
    read = {(step.date, text) for step in report.listing.calendar for text in step.actions}
    shipped = {
        (step.date, action.text): action
        for step in study.atlas.calendar
        for action in (*step.experimental, *step.others)
    }
    labels = {step.date: step.label for step in study.atlas.calendar}
    assert all(labels[step.date] == step.label for step in report.listing.calendar)
    # the order of the words puts them at the rentrée; the document dates them nowhere
    assert read - shipped.keys() == {("2026-09-01", "Bilans de l'expérimentation")}
    expected = shipped["2026-07-31", "Bilans de l'expérimentation attendus"]
    assert "sans date" in expected.doubt
    assert "novembre" in shipped["2025-11-01", "Mise en œuvre de la nouvelle organisation"].doubt


def test_the_shipped_plan_is_exactly_the_result_of_this_import(
    report: Report, shipped_study: Study
) -> None:
    def zones(plan: Plan, *, draft: bool) -> set[tuple[str, frozenset[str]]]:
        return {
            (zone.sector, frozenset(plan.members(zone.id)))
            for zone in plan.zones
            if plan.sector(zone.sector).is_draft is draft
        }

    # on another plan of the same sectors, every lycée of the document finds its zone again
    base = shipped_study.plan
    shuffled = base
    for lycee in base.lycees_of("mayenne"):
        shuffled = shuffled.move(lycee, "MAY-1")
    result = planned(shipped_study.territory, report, shuffled)
    assert zones(result.plan, draft=False) == zones(base, draft=False)
    assert zones(result.plan, draft=True) == zones(base, draft=True)
    assert planned(shipped_study.territory, report, base).plan == base
    leaders = {s.id: (s.rns, s.support_centre) for s in base.sectors if not s.is_draft}
    assert set(leaders.values()) == {
        (report.rns[rank], report.centres[rank]) for rank in report.centres
    }


def test_associated_codes_are_those_of_the_data(report: Report, study: Study) -> None:
    for row in report.accepted:
        lycee = study.territory.lycees[row.id]
        own = () if row.is_provisional else (row.id,)
        assert row.codes == (*own, *lycee.associated_uais)


def test_a_repair_refused_is_undone_and_the_row_is_left_to_the_user(
    imported: Import,
) -> None:
    for line, _, now in CODES:
        refused = imported(SOURCE.read_bytes(), refused=frozenset({(line, "code")}))
        (question,) = refused.ambiguous
        assert question.row == line
        assert question.candidates[0].id == now
        assert len(refused.accepted) == 51
        assert len(refused.refused) == 1


def test_what_is_refused_is_kept_as_printed_and_starts_no_zone(imported: Import) -> None:
    kept = imported(SOURCE.read_bytes(), refused=frozenset({(374, "nom")}))
    (row,) = (row for row in kept.accepted if row.row == 374)
    assert row.name == NAMES[0][1]
    assert kept.ambiguous == ()
    kept = imported(SOURCE.read_bytes(), refused=frozenset({(334, "uai_associes")}))
    (row,) = (row for row in kept.accepted if row.row == 334)
    assert row.codes == ("0440062D",)
    kept = imported(SOURCE.read_bytes(), refused=frozenset({(338, "zone")}))
    assert len(kept.listing.zones) == 11
    assert len(kept.by_zone[0]) == 8


def test_the_user_resolves_a_row_that_was_left(imported: Import) -> None:
    said = {"refused": frozenset({(409, "code")}), "chosen": {409: "0492123S"}}
    assert "0492123S" in {row.id for row in imported(SOURCE.read_bytes(), **said).accepted}
    said["chosen"] = {409: "ignorer"}
    (row,) = imported(SOURCE.read_bytes(), **said).rejected
    assert (row.row, "à votre demande" in row.why) == (409, True)
