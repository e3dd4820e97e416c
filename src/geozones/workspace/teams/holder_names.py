"""Names of the holders of posts, in the user's own folder, and the chart of a sector.

Names are in one JSON file, ``{"version": 1, "names": {post id: name}}``, that only its owner may
read. A copy of a scenario keeps the ids of its posts, so the names follow it on this machine; a
scenario sent elsewhere has no names.
"""

import json
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import home_folder, locked, ordinary, why, write_atomically
from geozones.common.french import capital, plural
from geozones.domain.organisation import ChartLycee, ChartPost, ChartZone, SectorChart
from geozones.domain.terms import terms
from geozones.export.file_parts import printable
from geozones.workspace.calendar import technicians_by_sector
from geozones.workspace.roles import Actor, Role, needs
from geozones.workspace.study import Study

VERSION = 1
_MAX_NAME, _MAX_BYTES = 100, 2_000_000
NAMES_FILE = "names.json"


@needs(Role.READER)
def read_names(actor: Actor, folder: Path | None = None) -> dict[str, str]:  # noqa: ARG001 - the gate reads it
    """Return the names by post id; empty if none was written."""
    path = (folder or home_folder()) / NAMES_FILE
    try:
        content = ordinary(path).read_bytes()[:_MAX_BYTES]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"Les noms ({path}) ne peuvent pas être lus : {why(error)}.") from error
    try:
        document = json.loads(content)
        names = {str(key): str(name) for key, name in document["names"].items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"Le fichier des noms {path} est altéré : réparez-le ou supprimez-le."
        ) from error
    return names


@needs(Role.PLANNER)
def write_names(actor: Actor, changes: dict[str, str], folder: Path | None = None) -> None:
    """Set names by post id; an empty name removes the entry."""
    where = folder or home_folder()
    for name in changes.values():
        if len(name) > _MAX_NAME or any(ord(sign) < 32 for sign in name):
            raise InputError(f"Un nom a {_MAX_NAME} caractères au plus, sur une ligne.")
    with locked(where / NAMES_FILE):
        names = read_names(actor, where) | {key: name.strip() for key, name in changes.items()}
        kept = {key: name for key, name in sorted(names.items()) if name}
        text = json.dumps({"version": VERSION, "names": kept}, ensure_ascii=False, indent=1)
        write_atomically(where / NAMES_FILE, text + "\n", private=True)


_PLAN = "par le plan"


def sector_chart(study: Study, code: str) -> SectorChart:
    """Return the chart of a sector (id): its zones with lycées, and the posts of the scenario."""
    plan = study.plan
    sector = plan.sector(code)
    due = technicians_by_sector(plan, study.atlas.calendar)[code]
    own = sector.technicians is not None
    centre = sector.support_centre
    return SectorChart(
        id=code,
        name=printable(sector.name),
        rns=printable(sector.rns or ""),
        support=None if centre is None else _lycee(study, centre),
        technicians=due if own or due else None,
        technicians_source=_PLAN if own else "",
        zones=tuple(_zone(study, zone.id) for zone in plan.zones_of(code) if plan.members(zone.id)),
    )


def _zone(study: Study, zone: str) -> ChartZone:
    lycees = tuple(_lycee(study, lycee) for lycee in study.plan.members(zone))
    posts = tuple(
        ChartPost(
            f"{capital(terms().proximity_technician.singular)} {rank}",
            tuple(
                ChartLycee(
                    lycee,
                    printable(study.territory.lycees[lycee].name),
                    plural(post.cells.count(lycee), "demi-journée"),
                )
                for lycee in post.lycees
            ),
        )
        for rank, post in enumerate(study.teams.of_zone(zone), 1)
    )
    return ChartZone(zone, printable(study.plan.zone(zone).name), lycees, posts)


def _lycee(study: Study, lycee: str) -> ChartLycee:
    place = study.territory.lycees[lycee]
    support = study.plan.sector_of(lycee).support_centre == lycee
    where = "" if place.label == place.name else printable(place.commune)
    return ChartLycee(lycee, printable(place.name), where, support)
