"""Move of a lycée from its table row: by keyboard and screen reader, without the map."""

from collections.abc import Mapping

import htpy

from geozones.domain import Zone
from geozones.ui.carte.editing.destination_list import destination_line
from geozones.ui.widgets import html
from geozones.workspace.moves.destinations import destinations
from geozones.workspace.moves.equivalence import standings
from geozones.workspace.study import Study

#: Messages of a row to the map: ``row:LYCEE`` opens or closes it, ``put:LYCEE:ZONE`` moves the
#: lycée to the zone.
OPEN, PUT = "row", "put"


def row_id(lycee: str) -> str:
    """Return the id of the focusable element in a lycée's row: its zone, or the open list."""
    return f"gz-row-{lycee}"


def zone_cell(study: Study, lycee: str, *, opened: bool) -> htpy.Element:
    """Return the zone of a lycée as a button or, once ``opened``, as a list of targets."""
    zone = study.plan.zone_of(lycee)
    if opened:
        return _choice(study, lycee, zone)
    return htpy.button(
        ".gz-go",
        type="button",
        id=row_id(lycee),
        data_go=f"{OPEN}:{lycee}",
        aria_label=f"{zone.name} : changer la zone de {study.name(lycee)}",
        aria_expanded="false",
    )[zone.name]


def _choice(study: Study, lycee: str, zone: Zone) -> htpy.Element:
    name, field = study.name(lycee), row_id(lycee)
    options = [htpy.option(value=zone.id)[f"{zone.name} (zone actuelle)"]]
    ranked = _ranked(study, lycee)
    options += [htpy.option(value=key)[line] for key, (allowed, line) in ranked.items() if allowed]
    refused = [htpy.option(value=key)[line] for key, (ok, line) in ranked.items() if not ok]
    if refused:
        options.append(htpy.optgroup(label="Zones refusées")[refused])
    return htpy.div(".gz-row-move")[
        htpy.select(
            id=field,
            aria_label=f"Zone de {name}, de la meilleure à la moins bonne",
            autocomplete="off",
        )[options],
        html.go(f"{PUT}:{lycee}", "Déplacer", value_of=field, label=f"Déplacer {name}"),
        html.go(f"{OPEN}:{lycee}", "Fermer", label=f"Laisser {name} dans sa zone"),
    ]


def _ranked(study: Study, lycee: str) -> Mapping[str, tuple[bool, str]]:
    """Return the zones (ids), the best first: whether a lycée may join it, and its description."""
    entries = {entry.zone: entry for entry in destinations(study, lycee)}
    stands = standings(study, lycee, list(entries.values()))
    return {
        key: (entries[key].allowed, destination_line(study.plan, entries[key], stands[key]))
        for key in stands
    }
