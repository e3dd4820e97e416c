"""Rows that settle themselves, or that a user settles: totals, candidates, new lycées."""

from collections.abc import Callable

import pytest

from geozones.intake.directory import Directory
from geozones.intake.import_report import NEW, Report

type Import = Callable[..., Report]
HEADS = "UAI;Nom;Commune;Zone\n"
PARE = "0530010Y;Ambroise Paré;Laval;Nord\n"


@pytest.mark.parametrize(
    "first", ["Total", "TOTAL zone", "Sous-total", "sous total Mayenne", "Moyenne", "Totaux"]
)
def test_a_total_is_set_aside_by_itself_and_told(imported: Import, first: str) -> None:
    report = imported(f"{HEADS}{PARE}{first};12 lycées;Laval;Nord\n")
    assert [row.id for row in report.accepted] == ["0530010Y"]
    assert report.ambiguous == ()
    ((line, why, text),) = [(row.row, row.why, row.text) for row in report.rejected]
    assert (line, why) == (3, "Ligne de total ou de moyenne : mise de côté d'office.")
    assert first in text


@pytest.mark.parametrize("name", ["Ensemble Saint-Joseph", "Moyennement loin"])
def test_a_name_that_looks_like_a_total_is_none(imported: Import, name: str) -> None:
    assert imported(f"Nom;Commune;Zone\n{name};Laval;Nord\n").rejected == ()


def test_candidates_are_by_likeness_and_what_is_in_the_list_already_comes_last(
    imported: Import,
) -> None:
    report = imported(f"{HEADS}{PARE}0530099V;Ambroise Paré;Laval;Nord\n")
    (question,) = report.ambiguous
    free = tuple(entry for entry in question.candidates if entry.taken is None)
    taken = tuple(entry for entry in question.candidates if entry.taken is not None)
    assert free
    assert question.candidates == (*free, *taken)
    scores = [entry.score for entry in free]
    assert scores == sorted(scores, reverse=True)
    assert [(entry.id, entry.taken) for entry in taken] == [("0530010Y", 2)]


def test_a_new_site_in_no_known_commune_is_given_one(
    imported: Import, directory: Directory
) -> None:
    text = f"{HEADS};Maison des sports;Nullepart;Nord\n"
    (question,) = imported(text).ambiguous
    asked = imported(text, chosen={question.row: NEW})
    assert asked.ambiguous[0].why == "Nouveau lycée : dites dans quelle commune."
    laval = directory.commune("Laval", "53")
    (new,) = imported(text, chosen={question.row: f"{NEW}:{laval.insee}"}).accepted
    assert (new.name, new.commune, new.departement) == ("Maison des sports", "Laval", "53")
