"""A sheet with two plans says which is which."""

from geozones.export.pictures import sheet_of
from geozones.workspace import Workspace
from geozones.workspace.exports import Look, dossier, of_plan


def test_the_sheet_of_two_plans_names_both_versions_and_whose_minutes_it_tells(
    toy: Workspace,
) -> None:
    subject = of_plan(toy, toy.plan.move("D", "S1"), "essai.json")
    pair = dossier(toy, subject, Look("before-after"))
    sheet = sheet_of(pair, "hd")
    assert pair.comparison is not None
    assert pair.version.mark in sheet.version
    assert pair.comparison.before.mark in sheet.version
    assert "après : trajet moyen" in sheet.subtitle
    alone = sheet_of(dossier(toy, subject, Look("region")), "hd")
    assert alone.version == pair.version.mark
    assert "après" not in alone.subtitle
