"""A data folder with a frozen plan, so that tests may name zones that the tool redraws.

Everything but the plan is the checkout's: places, calendar, minutes, cells.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[2] / "data"
FROZEN = Path(__file__).resolve().parents[1] / "fixtures" / "frozen_plan.json"


def write_frozen_data(folder: Path) -> None:
    """Write a data folder that links the shipped files, but for those that hold the plan.

    Raise ``ValueError`` if the frozen plan and the shipped data are not about the same lycées.
    """
    shutil.copytree(SHIPPED, folder, copy_function=os.symlink)
    frozen = _read(FROZEN)
    organisation = _read(SHIPPED / "secteurs.json")
    _replace(
        folder / "secteurs.json",
        organisation | {name: frozen[name] for name in ("brouillons", "secteurs")},
    )
    places = _read(SHIPPED / "lycees.geojson")
    _replace(folder / "lycees.geojson", places | {"features": _placed(places["features"], frozen)})


def _placed(features: list[dict[str, Any]], frozen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lycées in the order and the zones of the frozen plan."""
    by_id = {feature["properties"]["id"]: feature for feature in features}
    zone_by_lycee = {lycee: zone for zone, lycees in frozen["lycees"].items() for lycee in lycees}
    if by_id.keys() != zone_by_lycee.keys():
        apart = sorted(by_id.keys() ^ zone_by_lycee.keys())
        msg = f"{FROZEN.name} and the data folder do not have the same lycées: {apart}"
        raise ValueError(msg)
    sector_by_zone = {
        zone["id"]: sector for sector in frozen["secteurs"] for zone in sector["zones"]
    }
    placed = []
    for lycee, zone in zone_by_lycee.items():
        sector = sector_by_zone[zone]
        held = {"secteur": sector["id"], "zone": zone, "statut": sector["statut"]}
        properties = by_id[lycee]["properties"] | held
        placed.append(by_id[lycee] | {"properties": properties})
    return placed


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _replace(link: Path, content: dict[str, Any]) -> None:
    """Put a file in place of a link."""
    link.unlink()
    text = json.dumps(content, ensure_ascii=False, indent=1)
    link.write_text(text + "\n", encoding="utf-8")
