"""Checks of the data folder and of the travel-time engines."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import islice

from geozones.common.errors import DataFileError
from geozones.common.french import listing, plural
from geozones.domain import EngineError
from geozones.domain.terms import terms
from geozones.intake.directory import read_directory
from geozones.territory.basemap.file import read_source
from geozones.travel.engine_registry import EngineContext, engine_kind
from geozones.travel.matrix_file import open_matrix
from geozones.workspace.atlas import Atlas, open_atlas
from geozones.workspace.doctor.record import Check, Finding, doubtful, fine, wrong
from geozones.workspace.ground import background_of
from geozones.workspace.reachability.references import shipped_references
from geozones.workspace.territory import territory_of

#: Readers of the files that opening the data folder does not read, called as pages call them. The
#: test of the doctor damages every file of the shipped folder and fails if no reader notices.
LATER: Mapping[str, Callable[[Atlas], object]] = {
    "communes.parquet": lambda atlas: (atlas.communes, atlas.commune_frame),
    "fine_borders.parquet": lambda atlas: atlas.borders,
    "close_ground.parquet": lambda atlas: atlas.close_ground,
    "annuaire.json, noms_communes.json": lambda atlas: read_directory(
        atlas.data.path, atlas.lycees
    ),
    "travel_times.parquet": lambda atlas: open_matrix(atlas.drives.shipped, atlas.drives.lycees),
    "temps_de_reference.csv": lambda atlas: shipped_references(territory_of(atlas)),
    "background.parquet": lambda atlas: [
        read_source(made) for made in [background_of(atlas.drives.settings)] if made is not None
    ],
}


def read_later_files(atlas: Atlas) -> None:
    """Read every file that opening the data folder leaves unread.

    Raises
    ------
    DataFileError
        If files are missing or altered; the message names all of them.
    """
    faults = []
    for read in LATER.values():
        try:
            read(atlas)
        except DataFileError as error:
            faults.append(str(error))
    if faults:
        raise DataFileError(" ".join(dict.fromkeys(faults)))


@cache
def _atlas() -> Atlas:
    return open_atlas()


def _data() -> Finding:
    atlas = _atlas()
    read_later_files(atlas)
    held = (
        f"{terms().site.counted(len(atlas.lycees))}, {plural(len(atlas.plan.sectors), 'secteur')} "
        f"({atlas.data.path})."
    )
    if atlas.drives.notice:
        return doubtful(f"{held} {atlas.drives.notice}")
    return fine(held)


def _engines() -> Finding:
    """Ask each configured engine for one drive; an online engine is only constructed."""
    drives = _atlas().drives
    context = EngineContext(drives.shipped, drives.lycees, drives.communes, drives.times)
    two = dict(islice(drives.lycees.items(), 2))
    faults = []
    for name in drives.settings.engines:
        kind = engine_kind(name)
        try:
            engine = kind.make(drives.settings, context)
            if not kind.online:
                engine.matrix(two, two)
        except (EngineError, DataFileError) as error:
            faults.append(f"{name} : {error}")
    if faults:
        return wrong(" ".join(faults))
    return fine(f"{listing(drives.settings.engines)}, dans cet ordre.")


CHECKS = (
    Check("data", "Données", _data),
    Check("engines", "Moteurs de trajets", _engines),
)
