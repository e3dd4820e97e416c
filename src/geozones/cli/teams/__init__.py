"""« teams needs », « propose » and « absence »: needs, posts, covers."""

from geozones.cli.parameters import group
from geozones.domain.terms import worded

teams = group("teams")
for _name, _place, _about in (
    ("needs", "posts:needs", "Les besoins de présence des {sites}."),
    ("propose", "posts:propose", "Les postes {of_proximity_technician} d'une zone."),
    (
        "absence",
        "absences:absence",
        "Qui remplace un poste absent, et ce que laisse toute absence.",
    ),
):
    teams.command(f"geozones.cli.teams.{_place}", name=_name, help=worded(_about))
