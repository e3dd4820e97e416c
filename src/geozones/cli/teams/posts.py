"""Zones and posts of the « teams » commands."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, content
from geozones.cli.parameters import flag, option
from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.post_documents import posts_from_document
from geozones.domain.teams import Post
from geozones.domain.terms import worded
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

_MAX_BYTES = 5_000_000

#: Option: a file of posts.
PostsFile = Annotated[Path | None, option("FICHIER", "des postes écrits par teams propose")]
#: Option: the hypothesis that a T.I.S. replaces someone absent.
TisReplaces = Annotated[
    bool,
    flag(
        "supposer qu'{a_sector_technician} remplace {a_proximity_technician} "
        "absent{e_proximity_technician} (le document ne le dit pas)"
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ZoneSelection:
    """Zones and sectors to include; all zones by default."""

    zone: Annotated[list[str] | None, option("CODE", "une zone ; répété")] = None
    sector: Annotated[list[str] | None, option("CODE", "un secteur ; répété")] = None

    def zones(self, plan: Plan) -> Sequence[str]:
        """Return the ids of the selected zones, without duplicates.

        Raises
        ------
        InputError
            If the plan lacks one of them.
        """
        if self.zone is None and self.sector is None:
            return [zone.id for zone in plan.zones]
        wanted = [plan.zone(zone).id for zone in self.zone or ()]
        wanted += [zone.id for key in self.sector or () for zone in plan.zones_of(key)]
        return list(dict.fromkeys(wanted))


EVERY_ZONE = ZoneSelection()


def staff_of(study: Study, file: Path | None) -> Staff:
    """Return the staff of a study; posts of a file replace the posts of their zones.

    Raises
    ------
    InputError
        If the file cannot be read, or its posts are not of this plan.
    """
    if file is not None:
        posts = _posts_of(file, study.plan)
        teams = study.teams.with_posts({post.zone for post in posts}, posts)
        study = study.with_teams(teams)
    return Staff(study)


def posts_beyond(staff: Staff, zone: str) -> Answer:
    """Return the posts that a proposal for a zone needs beyond those of its cost, as a JSON key."""
    more = staff.more_posts(zone)
    return {"more_posts": None if more is None else asdict(more) | {"said": more.sentence}}


def supposing(study: Study, *, tis_replaces: bool) -> Study:
    """Return a study with or without the hypothesis that a T.I.S. replaces someone absent."""
    return study.with_team_settings(replace(study.settings.teams, tis_replaces=tis_replaces))


def supposition(answer: Answer) -> str:
    """Describe the hypothesis of an answer about T.I.S."""
    if answer["tis_replaces"]:
        return worded(
            "Hypothèse : {a_sector_technician} remplace {a_proximity_technician} "
            "absent{e_proximity_technician} quand aucun collègue ne le peut."
        )
    return worded(
        "Les {sector_technicians} ne remplacent personne : le document ne le dit pas "
        "(--tis-replaces)."
    )


def _posts_of(path: Path, plan: Plan) -> tuple[Post, ...]:
    try:
        document = json.loads(content(path, "fichier de postes", _MAX_BYTES)[:_MAX_BYTES])
    except (ValueError, RecursionError) as error:
        msg = f"Le fichier de postes {path} est tronqué ou n'est pas du JSON."
        raise InputError(msg) from error
    return posts_from_document(document, plan)
