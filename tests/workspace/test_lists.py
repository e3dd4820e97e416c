"""What a list changes in a plan: its own sectors, nothing else, and nothing in silence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.domain.places import Precision
from geozones.domain.terms import LYCEES, use_terms
from geozones.features.imports.model import (
    ListedPlan,
    ListImport,
    changes_of,
    places_of,
    planned,
    quality,
)
from geozones.workspace.figures.study import Study, study_of

HEAD = "Secteur;Zone;RNE;Nom;Ville;Latitude;Longitude"

type Listed = Callable[..., ListedPlan]


def text(*rows: str) -> str:
    return "\n".join((HEAD, *rows))


def all_of(study: Study, sector: str, **zones: str) -> list[str]:
    """Rows for every lycée of a sector; ``zones`` moves some: ``L0720012X="SAR"``."""
    plan, rows = study.plan, []
    name = plan.sector(sector).name
    for lycee in plan.lycees_of(sector):
        zone = zones.get(f"L{lycee}", plan.zone_of(lycee).id)
        entry = study.territory.lycees[lycee]
        rows.append(f"{name};{zone};{lycee};{entry.name};{entry.commune};;")
    return rows


@pytest.fixture
def listed(study: Study) -> Listed:
    def run(*rows: str, **options: bool) -> ListedPlan:
        report = ListImport.opened(study.territory, text(*rows), "liste").report
        return planned(study.territory, report, study.plan, **options)

    return run


def test_a_list_that_says_what_the_plan_says_changes_nothing(listed: Listed, study: Study) -> None:
    listed_plan = listed(*all_of(study, "mayenne"))
    assert listed_plan.changes_nothing
    assert {z.id for z in listed_plan.plan.zones} == {z.id for z in study.plan.zones}
    assert listed_plan.plan.zone_by_lycee == study.plan.zone_by_lycee
    assert listed_plan.listed == ("Mayenne",)
    assert len(listed_plan.untouched) == 6


def test_lycees_in_another_zone_are_moved_and_a_new_zone_is_named_by_its_towns(
    listed: Listed, study: Study
) -> None:
    out = {"L0530010Y": "Nouvelle", "L0530011Z": "Nouvelle"}
    listed_plan = listed(*all_of(study, "mayenne", **out))
    (zone,) = listed_plan.created
    assert (zone.id, zone.sector, zone.name) == ("MAY-5", "mayenne", "Nouvelle")
    assert listed_plan.moved == (("0530010Y", "MAY-3", "MAY-5"), ("0530011Z", "MAY-3", "MAY-5"))
    assert listed_plan.plan.members("MAY-3") == ("0530012A", "0530081A", "0530778H")


def test_lycees_absent_from_the_list_stay_or_go_as_one_says(listed: Listed, study: Study) -> None:
    rows = [row for row in all_of(study, "mayenne") if "0720012X" not in row]
    kept = listed(*rows)
    assert kept.removed == ("0720012X",)
    assert kept.plan.zone_of("0720012X").id == "MAY-2"
    gone = listed(*rows, keep_absent=False)
    assert "0720012X" not in gone.plan.zone_by_lycee
    changes = changes_of(study.territory, gone, ())
    assert changes.excluded == {"0720012X"}
    after = study_of(study.analysis.relocated(changes))
    assert "0720012X" not in after.territory.lycees
    assert (
        after.atlas.read_plan(json.dumps(after.with_plan(gone.plan).plan_json())).plan == gone.plan
    )


def test_a_support_centre_that_the_list_forgot_stays_and_it_is_said(
    listed: Listed, study: Study
) -> None:
    centre = study.plan.sector("mayenne").support_centre
    rows = [row for row in all_of(study, "mayenne") if str(centre) not in row]
    listed_plan = listed(*rows, keep_absent=False)
    assert centre in listed_plan.plan.zone_by_lycee
    assert any("centre support" in note for note in listed_plan.notes)


def test_a_new_lycee_is_placed_told_how_precisely_and_opened_with_the_plan(
    listed: Listed, study: Study
) -> None:
    rows = [
        *all_of(study, "mayenne"),
        "Mayenne;MAY-4;0530099V;Les Iris;Ernée;;",
        "Mayenne;MAY-4;;La Prairie;Craon;47,8497;-0,9506",
        "Mayenne;MAY-4;;Le Verger;Mayenne;43,6;1,44",
    ]
    listed_plan = listed(*rows)
    places = {place.row.id: place for place in places_of(study.territory, listed_plan.added)}
    assert [(key, place.precision) for key, place in places.items()] == [
        ("0530099V", Precision.COMMUNE),
        ("X53-la-prairie-craon", Precision.ADDRESS),
        ("X53-le-verger-mayenne", Precision.COMMUNE),
    ]
    assert (places["X53-la-prairie-craon"].lat, places["X53-la-prairie-craon"].lon) == (
        47.8497,
        -0.9506,
    )
    assert "refusées" in places["X53-le-verger-mayenne"].why
    changes = changes_of(study.territory, listed_plan, tuple(places.values()))
    assert {lycee.kind for lycee in changes.lycees} == {"non publié"}
    try:
        use_terms(LYCEES, organised=False)  # a territory that publishes nothing
        unsaid = changes_of(study.territory, listed_plan, tuple(places.values()))
    finally:
        use_terms(LYCEES)
    assert {lycee.kind for lycee in unsaid.lycees} == {""}
    after = study_of(study.analysis.relocated(changes))
    assert after.evaluator.zone(listed_plan.plan, "MAY-4")["lycees"] == 7
    assert after.times.between("0530099V", "0530016E") > 5
    board = quality(after.territory.lycees)
    assert set(board.provisional) == {
        "X44-saint-philbert", "X53-la-prairie-craon", "X53-le-verger-mayenne",
    }  # fmt: skip
    assert {"0530099V", "X53-le-verger-mayenne"} <= set(board.imprecise)


def test_a_lycee_renamed_by_the_list_has_its_new_name_once_the_repair_is_refused(
    study: Study,
) -> None:
    rows = [row.replace("Lavoisier", "Marie Curie") for row in all_of(study, "mayenne")]
    current = ListImport.opened(study.territory, text(*rows), "liste")
    (repair,) = (r for r in current.report.repairs if r.field == "nom")
    refused = current.with_repair(repair.row, "nom", refused=True)
    listed_plan = planned(study.territory, refused.report, study.plan)
    (renamed,) = listed_plan.renamed
    assert (renamed.before, renamed.after) == ("Lavoisier", "Marie Curie")
    after = study_of(study.analysis.relocated(changes_of(study.territory, listed_plan, ())))
    assert after.territory.lycees["0530016E"].name == "Marie Curie"
    assert after.territory.lycees["0530016E"].lat == study.territory.lycees["0530016E"].lat


def test_an_unknown_sector_is_said_and_its_list_goes_where_its_lycees_are(
    listed: Listed, study: Study
) -> None:
    rows = [row.replace("Mayenne;", "Bassin 53;", 1) for row in all_of(study, "mayenne")]
    assert listed(*rows).listed == ("Mayenne",)
    listed_plan = listed("Inconnu;Z1;0530010Y;Ambroise Paré;Laval;;")
    assert any("« Inconnu » n'est pas dans le plan" in note for note in listed_plan.notes)


def test_a_list_without_zones_or_of_nobody_makes_no_plan(study: Study) -> None:
    for content in ("RNE;Nom\n0530010Y;Ambroise Paré", text("A;1;0750655E;Charlemagne;Paris;;")):
        report = ListImport.opened(study.territory, content, "liste").report
        with pytest.raises(InputError, match="ne forme pas de plan"):
            planned(study.territory, report, study.plan)


def test_a_lycee_listed_without_a_zone_stays_in_its_own_and_it_is_said(listed: Listed) -> None:
    rows = ("Mayenne;;0530010Y;Ambroise Paré;Laval;;", "Mayenne;Z1;0530011Z;D. Rousseau;Laval;;")
    listed_plan = listed(*rows, keep_absent=False)
    assert "0530010Y" not in listed_plan.removed
    assert "0530010Y" in listed_plan.plan.zone_by_lycee
    assert any(
        "Ambroise Paré est sans zone ; il reste dans Laval" in note for note in listed_plan.notes
    )


@pytest.mark.parametrize("call", ["Mayenne – Évron – Sillé", "MAY-4", "mayenne evron sille"])
def test_a_zone_called_by_its_name_or_code_is_that_zone(
    listed: Listed, study: Study, call: str
) -> None:
    """Even where most of its lycées are in another today."""
    lycees = ("0530010Y", "0530011Z")
    rows = [f"Mayenne;{call};{key};{study.territory.lycees[key].name};Laval;;" for key in lycees]
    listed_plan = listed(*rows)
    assert [(lycee, after) for lycee, _, after in listed_plan.moved] == [
        (k, "MAY-4") for k in lycees
    ]
    names = [zone.name for zone in listed_plan.plan.zones_of("mayenne")]
    assert len(set(names)) == len(names)
    assert "Mayenne – Évron – Sillé" in names


def test_another_rns_in_the_list_is_told_since_a_plan_cannot_hold_it(
    study: Study,
) -> None:
    source = Path(__file__).parents[1] / "intake" / "fixtures" / "webinaire_2025-06-11.txt"
    content = source.read_text(encoding="utf-8").replace("Lucien Druault", "Ada Lovelace")
    report = ListImport.opened(study.territory, content, "liste").report
    listed_plan = planned(study.territory, report, study.plan)
    assert [note for note in listed_plan.notes if "RNS" in note] == [
        "Mayenne : RNS Ada Lovelace dans la liste, Lucien Druault dans les données."
    ]
