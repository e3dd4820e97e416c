"""What each kind of event does to a scenario: a pure function of the state before it.

A new kind is one function and one line in `KINDS`. Applying an event checks it anew, so that events
moved onto another history (a rebase) or read from a file are never taken on trust.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geozones.domain.coordinates import checked_spot
from geozones.domain.entities import Zone
from geozones.domain.errors import GeozonesError, InputError
from geozones.domain.french import plural
from geozones.domain.locks import Locks
from geozones.domain.places import PlaceChanges
from geozones.domain.plan import Plan, plan_of
from geozones.domain.story import Story, read_story
from geozones.domain.teams import Teams, checked_need, posts_of_json

MAX_NAME = 200
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_ZONE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class State:
    """What a scenario shows: a plan, what is locked, what people chose, places of its own."""

    plan: Plan
    locks: Locks = field(default_factory=Locks)
    #: zone -> ``#rrggbb``, where it is not the palette's
    colours: Mapping[str, str] = field(default_factory=dict)
    #: zone -> lycée, where it is not the computed one
    pivots: Mapping[str, str] = field(default_factory=dict)
    #: lycées that the data folder has not, and positions corrected by hand
    places: PlaceChanges = field(default_factory=PlaceChanges)
    #: needs and posts; their holders' names are not part of a scenario
    teams: Teams = field(default_factory=Teams)
    #: the story of its webinar; ``None`` for the one that the tool proposes
    story: Story | None = None


type Data = Mapping[str, Any]
type Apply = Callable[[State, Data], State]


def apply(state: State, kind: str, data: Data) -> State:
    """Return the state after an event.

    Raises
    ------
    InputError
        If the kind is unknown, a field is missing or of another type, or the event makes no sense
        here; the message says which.
    """
    try:
        return KINDS[kind](state, data)
    except GeozonesError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"Cet événement ({str(kind)[:40]}) est inconnu ou mal formé."
        raise InputError(msg) from error


def _move(state: State, data: Data) -> State:
    """Move lycées: ``{"moves": {lycée: zone}}``, all or none."""
    plan = state.plan
    for lycee, zone in data["moves"].items():
        refusal = state.locks.refusal(plan, lycee, zone)
        if refusal is not None:
            raise InputError(refusal)
        plan = plan.move(lycee, zone)
    return _pruned(replace(state, plan=plan))


def _create(state: State, data: Data) -> State:
    """Add an empty zone: ``{"zone", "name", "sector"}``."""
    plan, zone = state.plan, str(data["zone"])
    if not _ZONE_ID.fullmatch(zone) or zone in {entry.id for entry in plan.zones}:
        msg = f"Le code de zone « {zone[:40]} » est déjà pris ou mal formé."
        raise InputError(msg)
    sector = plan.sector(data["sector"]).id
    _check_sector(state, sector)
    zones = (*plan.zones, Zone(zone, _name(data["name"]), sector))
    return replace(state, plan=plan_of(plan.sectors, zones, plan.zone_by_lycee))


def _rename(state: State, data: Data) -> State:
    """Give a zone another name: ``{"zone", "name"}``."""
    plan, name = state.plan, _name(data["name"])
    zone = plan.zone(data["zone"])
    zones = tuple(replace(zone, name=name) if entry is zone else entry for entry in plan.zones)
    return replace(state, plan=plan_of(plan.sectors, zones, plan.zone_by_lycee))


def _delete(state: State, data: Data) -> State:
    """Remove a zone that has no lycée left: ``{"zone"}``."""
    zone = state.plan.zone(data["zone"])
    _check_zone(state, zone.id)
    posts = state.teams.of_zone(zone.id)
    if posts:
        msg = (
            f"La zone {zone.name} a encore {plural(len(posts), 'poste')} : retirez-les (page "
            "Équipes) ou fusionnez-la avec une autre."
        )
        raise InputError(msg)
    members = state.plan.members(zone.id)
    if members:
        msg = (
            f"La zone {zone.name} a encore {plural(len(members), 'lycée')} : déplacez-les ou "
            "fusionnez-la avec une autre."
        )
        raise InputError(msg)
    return _without(state, zone.id)


def _merge(state: State, data: Data) -> State:
    """Move every lycée and post of a zone to another, remove it: ``{"zone", "into"}``."""
    zone, into = state.plan.zone(data["zone"]), state.plan.zone(data["into"])
    if zone.id == into.id:
        msg = "Une zone se fusionne avec une autre qu'elle-même."
        raise InputError(msg)
    _check_zone(state, into.id)
    _check_zone(state, zone.id)
    moved = _move(state, {"moves": dict.fromkeys(state.plan.members(zone.id), into.id)})
    posts = [replace(post, zone=into.id) for post in state.teams.of_zone(zone.id)]
    both = (*state.teams.of_zone(into.id), *posts)
    teams = state.teams.with_posts((zone.id, into.id), both) if posts else state.teams
    return _without(replace(moved, teams=teams), zone.id)


def _split(state: State, data: Data) -> State:
    """Put some lycées of a zone in a new one: ``{"zone", "new", "name", "lycees"}``."""
    zone, lycees = state.plan.zone(data["zone"]), list(data["lycees"])
    members = set(state.plan.members(zone.id))
    if not lycees or not set(lycees) < members:
        msg = f"Pour scinder {zone.name}, choisissez une partie de ses lycées."
        raise InputError(msg)
    created = _create(state, {"zone": data["new"], "name": data["name"], "sector": zone.sector})
    return _move(created, {"moves": dict.fromkeys(lycees, str(data["new"]))})


def _colour(state: State, data: Data) -> State:
    """Choose the colour of a zone, or the palette's again: ``{"zone", "colour": #rrggbb/null}``."""
    zone, colour = state.plan.zone(data["zone"]).id, data["colour"]
    colour = None if colour is None else colour.lower()
    if colour is not None and not _COLOUR.fullmatch(colour):
        msg = "Une couleur s'écrit #rrvvbb, par exemple #95cea0."
        raise InputError(msg)
    return replace(state, colours=_set(state.colours, zone, colour))


def _pivot(state: State, data: Data) -> State:
    """Choose the pivot lycée of a zone, or the computed one: ``{"zone", "lycee": id/null}``."""
    zone, lycee = state.plan.zone(data["zone"]), data["lycee"]
    if lycee is not None and lycee not in state.plan.members(zone.id):
        msg = f"Le lycée pivot doit être un lycée de la zone {zone.name}."
        raise InputError(msg)
    return replace(state, pivots=_set(state.pivots, zone.id, lycee))


def _lock(state: State, data: Data) -> State:
    """Lock: ``{"kind": lycee/zone/sector, "id", "reason"}``."""
    kind, item = data["kind"], data["id"]
    {
        "lycee": state.plan.zone_of,
        "zone": state.plan.zone,
        "sector": state.plan.sector,
    }[kind](item)
    reason = _name(data["reason"], "La raison d'un verrou")
    return replace(state, locks=state.locks.with_lock(kind, item, reason))


def _unlock(state: State, data: Data) -> State:
    """Unlock: ``{"kind", "id"}``."""
    return replace(state, locks=state.locks.without(data["kind"], data["id"]))


def _needs(state: State, data: Data) -> State:
    """Set needs: ``{"needs": {lycée: half-days, or null for the rule}}``."""
    needs = dict(state.teams.needs)
    for lycee, value in data["needs"].items():
        state.plan.zone_of(lycee)
        needs.pop(lycee, None)
        if value is not None:
            needs[lycee] = checked_need(value, f"du lycée {lycee}")
    return replace(state, teams=replace(state.teams, needs=needs))


def _needs_rule(state: State, data: Data) -> State:
    """Set the rule of needs: ``{"rule": {type of lycée: half-days}, "default": half-days}``."""
    rule = {
        _name(kind, "Un type de lycée"): checked_need(value, f"d'un {str(kind)[:40]}")
        for kind, value in data["rule"].items()
    }
    default = checked_need(data["default"], "par défaut")
    return replace(state, teams=replace(state.teams, rule=rule, default=default))


def _posts(state: State, data: Data) -> State:
    """Replace the posts of some zones: ``{"zones": [id, …], "posts": [post, …]}``."""
    zones = [str(zone) for zone in data["zones"]]
    posts = posts_of_json(data["posts"], zones, state.plan, state.teams)
    return replace(state, teams=state.teams.with_posts(zones, posts))


def _drop_posts(state: State, data: Data) -> State:
    """Remove posts, those of a zone that is gone too: ``{"posts": [id, …]}``."""
    gone = {state.teams.post(str(key)).id for key in data["posts"]}
    kept = tuple(post for post in state.teams.posts if post.id not in gone)
    return replace(state, teams=replace(state.teams, posts=kept))


def _place(state: State, data: Data) -> State:
    """Correct a lycée's position, or take the correction back: ``{"lycee", "lat", "lon"/null}``."""
    lycee, lat, lon = data["lycee"], data["lat"], data["lon"]
    state.plan.zone_of(lycee)
    spot = None if lat is None and lon is None else checked_spot(lat, lon)
    return replace(state, places=state.places.with_spot(lycee, spot))


def _story(state: State, data: Data) -> State:
    """Tell another story, or the proposed one again: ``{"steps": [step, …]/null}``."""
    steps = data["steps"]
    return replace(state, story=None if steps is None else read_story(steps))


#: Every kind of event, and its label in French.
KINDS: dict[str, Apply] = {
    "move": _move,
    "create_zone": _create,
    "rename_zone": _rename,
    "delete_zone": _delete,
    "merge_zones": _merge,
    "split_zone": _split,
    "set_colour": _colour,
    "set_pivot": _pivot,
    "place": _place,
    "lock": _lock,
    "unlock": _unlock,
    "set_needs": _needs,
    "set_needs_rule": _needs_rule,
    "set_posts": _posts,
    "drop_posts": _drop_posts,
    "story": _story,
}


def _name(value: object, what: str = "Le nom d'une zone") -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME:
        msg = f"{what} est un texte de 1 à {MAX_NAME} caractères."
        raise InputError(msg)
    return " ".join(value.split())


def _check_zone(state: State, zone: str) -> None:
    refusal = state.locks.zone_refusal(state.plan, zone)
    if refusal is not None:
        raise InputError(refusal)


def _check_sector(state: State, sector: str) -> None:
    reason = state.locks.reasons.get(("sector", sector))
    if reason is not None:
        msg = f"Le secteur {state.plan.sector(sector).name} est verrouillé : {reason}."
        raise InputError(msg)


def _without(state: State, zone: str) -> State:
    plan = state.plan
    zones = tuple(entry for entry in plan.zones if entry.id != zone)
    return _pruned(replace(state, plan=plan_of(plan.sectors, zones, plan.zone_by_lycee)))


def _pruned(state: State) -> State:
    """Forget what people chose for zones or pivots that are no longer there."""
    zones = {entry.id for entry in state.plan.zones}
    pivots = {
        zone: lycee
        for zone, lycee in state.pivots.items()
        if zone in zones and lycee in state.plan.members(zone)
    }
    colours = {zone: colour for zone, colour in state.colours.items() if zone in zones}
    return replace(state, pivots=pivots, colours=colours)


def _set(values: Mapping[str, str], key: str, value: str | None) -> Mapping[str, str]:
    rest = {other: kept for other, kept in values.items() if other != key}
    return rest if value is None else {**rest, key: value}
