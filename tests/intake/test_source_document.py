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
JOINED = [
    (334, "0440062D", "0440062D + 0440063E"),
    (382, "0530012A", "0530012A + 0530013B"),
]
COMMUNES = [
    (340, "", "Saint-Philbert-de-Grand-Lieu"),
    (341, "MACHECOUL", "Machecoul-Saint-Même"),
    (344, "MONTAIGU", "Montaigu-Vendée"),
    (347, "BEAUPREAU", "Beaupréau-en-Mauges"),
    (351, "CHEMILLE", "Chemillé-en-Anjou"),
    (367, "SEGRE", "Segré-en-Anjou Bleu"),
    (368, "CHÂTEAU GONTIER", "Château-Gontier-sur-Mayenne"),
    (369, "CHÄTEAU GONTIER", "Château-Gontier-sur-Mayenne"),
    (370, "CHÄTEAU GONTIER", "Château-Gontier-sur-Mayenne"),
    (396, "SAINT GEMMES SUR LOIRE", "Sainte-Gemmes-sur-Loire"),
]
NAMES = [
    (
        374,
        "Raphael Elize Centre de Soins Daguet Estournelle de Constant",
        "Estournelles de Constant",
    )
]
CUT = [(332, "Zone de contin"), *((line, "Zone de conti") for line in (338, 342, 346, 412))]


@pytest.fixture
def report(imported: Import) -> Report:
    return imported(SOURCE.read_bytes())


def changes(report: Report, field: str) -> list[tuple[int, str, str]]:
    return [(r.row, r.was, r.now) for r in report.repairs if r.field == field]


def test_it_has_12_zones_52_rows_and_3_sectors_with_their_rns_and_centre_support(
    report: Report, study: Study
) -> None:
    listing = report.listing
    assert (len(listing.zones), len(listing.rows), len(report.accepted)) == (12, 52, 52)
    sectors = [
        (sector.name, report.rns[sector.rank], study.name(report.centres[sector.rank]))
        for sector in listing.sectors
    ]
    assert sectors == [
        ("Sud Loire - Cholet", "Corentin Louatron", "Europe – Robert Schuman (Cholet)"),
        ("Mayenne", "Lucien Druault", "Réaumur – Buron (Laval)"),
        ("Maine et Loire", "Kevin Barbier", "Chevrollier (Angers)"),
    ]


def test_each_repair_is_named_and_there_is_no_other(report: Report) -> None:
    assert changes(report, "code") == CODES
    assert changes(report, "uai_associes") == JOINED
    assert changes(report, "commune") == COMMUNES
    assert changes(report, "nom") == NAMES
    assert [(row, was) for row, was, _ in changes(report, "zone")] == CUT
    named = len(CODES) + len(JOINED) + len(COMMUNES) + len(NAMES) + len(CUT)
    assert len(report.repairs) == named
    assert all(repair.why.endswith(".") and len(repair.why) > 10 for repair in report.repairs)


def test_nothing_is_left_over_and_names_that_ran_together_say_their_rows(report: Report) -> None:
    assert (report.ambiguous, report.rejected) == ((), ())
    assert [(note.row, "DFI Code RIVE" in note.what) for note in report.notes] == [(331, True)]
    (repair,) = (r for r in report.repairs if r.field == "nom")
    assert "Raphaël Élizé (Sablé) (ligne 372), Centre de soins Daguet (ligne 373)" in repair.why


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
