"""Redraw the draft sectors of data/ by the rules of the tool, from the first starting plan.

The published zones and every sector stay as they are. The first plan is kept in
``data/plans_de_depart/``: the same plan, minutes and rules give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from _common import DATA, check, report, write_json

from geozones.cost.hours_model import PostsModel, PostsUse
from geozones.domain import Lycee, Plan, Sector
from geozones.domain.proposal_conditions import THRESHOLD, ProofStatus, ProposalConditions
from geozones.domain.teams import SLOTS
from geozones.domain.times import Floats
from geozones.domain.zone_names import SEPARATOR, zone_name
from geozones.optimize.resources import Resource, ZonesOfSector
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.figures.vigilance import forced_by_geography, proven_note
from geozones.workspace.proposals.solve import propose, search_options

#: The day of these drafts, bumped by hand where their rules or minutes change.
DRAFTS_DATE = "2026-12-01"
#: Most drafts whose needs fill their posts to the last half-day: any need more takes a post more.
#: With fewer, no plan respects the rules.
MOST_FULL = 2


def full_zones(needs: Floats, _: Floats) -> Floats:
    """Return 1 for a zone whose needs fill its posts to the last half-day, else 0."""
    total = needs.sum(axis=1)
    full: Floats = ((total > 0) & (total % SLOTS == 0)).astype(np.float64)
    return full


def _bounds(study: Study, sectors: Iterable[Sector]) -> tuple[Resource, ...]:
    """Return the bounds of drafts alone: as many zones as at first, few of them full."""
    plan, bounds = study.plan, []
    for sector in sectors:
        lycees, zones = frozenset(plan.lycees_of(sector.id)), len(plan.zones_of(sector.id))
        most = float(len(lycees) - zones)
        bounds.append(Resource("zones", ZonesOfSector(lycees, beyond=True), most, sector=sector.id))
    full = PostsUse("full_zones", PostsModel(study.ranking.model.needs), full_zones)
    return (*bounds, Resource("zones pleines", full, float(MOST_FULL)))


@dataclass(frozen=True)
class Drafts:
    """Plan with new drafts, and a note by draft sector (id) whose rules could not all be met."""

    plan: Plan
    notes: dict[str, str]


def drafts_of(study: Study) -> Drafts:
    """Return the plan of least yearly cost in the draft sectors of a study's plan, proven."""
    sectors = [sector for sector in study.plan.sectors if sector.is_draft]
    scope = tuple(sector.id for sector in sectors)
    asked = search_options(study, ProposalConditions(sectors=scope))
    asked = replace(asked, resources=(*asked.resources, *_bounds(study, sectors)))
    found = propose(study, asked)
    check(found.status is ProofStatus.OPTIMAL, f"the drafts are not proven: {found.status}")
    plan = _named(study, found.plan, scope)
    notes = {sector.id: _note(study.with_plan(plan), sector) for sector in sectors}
    return Drafts(plan, notes)


def _named(study: Study, plan: Plan, scope: tuple[str, ...]) -> Plan:
    """Return the plan with the changed zones named after their lycées.

    A name stays while it is true: that of the plan, or the one that the folder gave the zone.
    """
    for zone in plan.zones:
        members = plan.members(zone.id)
        if zone.sector not in scope or members == study.plan.members(zone.id):
            continue
        lycees = [study.atlas.lycees[key] for key in members]
        given = (zone.own_name, study.atlas.plan.zone(zone.id).own_name)
        true = next((name for name in given if _says_all(name, lycees)), None)
        taken = {other.own_name for other in plan.zones if other.id != zone.id}
        new = replace(zone, own_name=true or zone_name(lycees, taken), shown_name="")
        zones = tuple(new if other.id == zone.id else other for other in plan.zones)
        plan = replace(plan, zones=zones)
    return plan


def _says_all(name: str, lycees: Iterable[Lycee]) -> bool:
    """Tell whether each part of a name is in a town or lycée's name, and each town has a part.

    It asks more of a draft's own name than the truth of a name that people gave.
    """
    lycees, parts = tuple(lycees), name.split(SEPARATOR)
    words = [word for lycee in lycees for word in (lycee.commune, lycee.name)]
    fits = all(any(part in word for word in words) for part in parts)
    towns = {lycee.commune for lycee in lycees}
    return fits and all(any(part in town for part in parts) for town in towns)


def _note(study: Study, sector: Sector) -> str:
    """Return the note of a sector whose threshold is proven out of reach, else an empty string."""
    limit = study.settings.max_minutes
    over = [
        breach
        for breach in study.check()
        if breach.rule == THRESHOLD and breach.sector_in(study.plan) == sector.id
    ]
    if all(forced_by_geography(study, breach) for breach in over):
        return ""
    asked = ProposalConditions(sectors=(sector.id,), max_minutes=limit)
    found = propose(study, search_options(study, asked))
    if found.status is not ProofStatus.INFEASIBLE:
        return ""
    return proven_note(limit)


def first_plan() -> Path:
    """Return the file of the first starting plan."""
    return min((DATA / "plans_de_depart").glob("*.json"))


def build(folder: Path = DATA, date: str = DRAFTS_DATE) -> None:
    """Write the drafts into ``secteurs.json`` and ``lycees.geojson`` of a data folder."""
    study = open_study(folder)
    first = study.atlas.read_plan(first_plan().read_bytes()).plan
    drafts = drafts_of(study.with_plan(first))
    write_json(folder / "lycees.geojson", _places(folder, drafts.plan), indent=1)
    write_json(folder / "secteurs.json", _organisation(folder, drafts, date), indent=1)
    moved = sum(
        zone != first.zone_by_lycee[lycee] for lycee, zone in drafts.plan.zone_by_lycee.items()
    )
    report(folder / "secteurs.json", f"{moved} lycées of the drafts in another zone than at first")


def _places(folder: Path, plan: Plan) -> dict[str, Any]:
    places = json.loads((folder / "lycees.geojson").read_text(encoding="utf-8"))
    for feature in places["features"]:
        own = feature["properties"]
        own["zone"] = plan.zone_by_lycee[own["id"]]
    return dict(places)


def _organisation(folder: Path, drafts: Drafts, date: str) -> dict[str, Any]:
    organisation = json.loads((folder / "secteurs.json").read_text(encoding="utf-8"))
    organisation["brouillons"]["date"] = date
    for sector in organisation["secteurs"]:
        for zone in sector["zones"]:
            zone["nom"] = drafts.plan.zone(zone["id"]).own_name
        note = drafts.notes.get(sector["id"], "")
        sector.pop("note", None)
        sector.update({"note": note} if note else {})
    return dict(organisation)


if __name__ == "__main__":
    build()
