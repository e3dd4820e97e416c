"""A sheet with two plans says which is which."""

from geozones.export.messages import message_of
from geozones.export.pictures import sheet_of
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan


def test_the_sheet_of_two_plans_names_both_versions_and_whose_minutes_it_tells(
    toy: Study,
) -> None:
    subject = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    pair = dossier(subject, ExportView("before-after"))
    sheet = sheet_of(pair, "hd")
    assert pair.comparison is not None
    assert pair.version.fingerprint in sheet.version
    assert pair.comparison.before.fingerprint in sheet.version
    told = message_of(pair.comparison)
    assert sheet.title == told.title
    assert pair.comparison.change.in_short in sheet.subtitle
    alone = sheet_of(dossier(subject, ExportView("region")), "hd")
    assert alone.version == pair.version.fingerprint
    assert "heures de route" not in alone.subtitle
