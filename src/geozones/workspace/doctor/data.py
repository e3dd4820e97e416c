"""The data folder, and the engines that answer where it does not."""

from functools import cache
from itertools import islice

from geozones.common.errors import DataFileError
from geozones.common.french import listing, plural
from geozones.domain import EngineError
from geozones.travel.registry import EngineContext, engine_kind
from geozones.workspace.atlas import Atlas, open_atlas
from geozones.workspace.doctor.record import Check, Finding, doubtful, fine, wrong


@cache
def _atlas() -> Atlas:
    return open_atlas()


def _data() -> Finding:
    atlas = _atlas()
    held = (
        f"{plural(len(atlas.lycees), 'lycée')}, {plural(len(atlas.plan.sectors), 'secteur')} "
        f"({atlas.data.path})."
    )
    if atlas.drives.notice:
        return doubtful(f"{held} {atlas.drives.notice}")
    return fine(held)


def _engines() -> Finding:
    """Ask each engine that is configured for one drive; but over the network, only make it."""
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
