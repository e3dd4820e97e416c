"""New zone as a target for some lycées."""

from collections import Counter
from collections.abc import Mapping, Sequence
from secrets import token_hex

from geozones.domain import Zone
from geozones.domain.events.redraw_events import RedrawZones
from geozones.domain.zone_names import zone_name
from geozones.workspace.study import Study

#: Id of the zone to create, until it is.
NEW_ZONE = "nouvelle-zone"


def with_new_zone(study: Study, lycees: Sequence[str], name: str = "") -> Study:
    """Return a study with one more zone, empty, in the sector of most of some lycées (ids).

    It is named after them, unless a name is given.
    """
    plan = study.plan
    sectors = Counter(plan.sector_of(lycee).id for lycee in lycees)
    taken = {zone.name for zone in plan.zones}
    made = zone_name([study.territory.lycees[lycee] for lycee in lycees], taken)
    zone = Zone(NEW_ZONE, name.strip() or made, sectors.most_common(1)[0][0])
    return study.with_plan(plan.with_zone(zone))


def creating(study: Study, moves: Mapping[str, str]) -> dict[str, object]:
    """Return the data of the event (``redraw``) that creates the new zone and moves lycées there.

    ``study`` is of `with_new_zone`.
    """
    plan, code = study.plan, f"Z-{token_hex(3)}"
    zone = plan.zone(NEW_ZONE)
    return RedrawZones.data_of(
        (Zone(code, zone.name, zone.sector),), dict.fromkeys(moves, code), ()
    )
