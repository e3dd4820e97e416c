"""The zones and posts that the commands of teams are about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, content
from geozones.cli.parameters import flag, option
from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.post_documents import posts_of_document
from geozones.domain.teams import Post
from geozones.workspace.staffing.staff import Staff
from geozones.workspace.study import Study

_MAX_BYTES = 5_000_000

#: A file of posts, as an option.
PostsFile = Annotated[Path | None, option("FICHIER", "des postes écrits par teams propose")]
#: The hypothesis that a T.I.S. replaces someone absent, as an option.
TisReplaces = Annotated[
    bool, flag("supposer qu'un T.I.S. remplace un T.I.P. absent (le document ne le dit pas)")
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Scope:
    """The zones and sectors asked for, every zone without any; and whose posts they are."""

    zone: Annotated[list[str] | None, option("CODE", "une zone ; répété")] = None
    sector: Annotated[list[str] | None, option("CODE", "un secteur ; répété")] = None

    def zones(self, plan: Plan) -> Sequence[str]:
        """Return the ids of the zones asked for, each once.

        Raises
        ------
        InputError
            If the plan has not one of them.
        """
        if self.zone is None and self.sector is None:
            return [zone.id for zone in plan.zones]
        wanted = [plan.zone(zone).id for zone in self.zone or ()]
        wanted += [zone.id for key in self.sector or () for zone in plan.zones_of(key)]
        return list(dict.fromkeys(wanted))


EVERY_ZONE = Scope()


def staff_of(study: Study, file: Path | None) -> Staff:
    """Return the staff of a study; the posts of a file take the place of those of their zones.

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


def supposing(study: Study, *, tis_replaces: bool) -> Study:
    """Return a study in which a T.I.S. replaces someone absent, or not."""
    return study.with_team_settings(replace(study.settings.teams, tis_replaces=tis_replaces))


def supposition(answer: Answer) -> str:
    """Say what an answer supposes of the T.I.S."""
    if answer["tis_replaces"]:
        return "Hypothèse : un T.I.S. remplace un T.I.P. absent quand aucun collègue ne le peut."
    return "Les T.I.S. ne remplacent personne : le document ne le dit pas (--tis-replaces)."


def _posts_of(path: Path, plan: Plan) -> tuple[Post, ...]:
    try:
        document = json.loads(content(path, "fichier de postes", _MAX_BYTES)[:_MAX_BYTES])
    except (ValueError, RecursionError) as error:
        msg = f"Le fichier de postes {path} est tronqué ou n'est pas du JSON."
        raise InputError(msg) from error
    return posts_of_document(document, plan)
