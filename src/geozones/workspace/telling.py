"""Events and moves in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geozones.domain import Event, Plan
from geozones.domain.french import listing, minutes, number, plural, signed
from geozones.workspace.scenarios import Work

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace


def told(workspace: "Workspace", work: Work, event: Event) -> str:
    """Return what an event did, in one sentence."""
    teller = _TELLERS.get(event.kind)
    if teller is None:
        return event.kind
    own = {lycee.id: lycee.name for lycee in work.timeline.start.places.lycees}
    return teller(_Names(workspace, _zone_names(work), own), event.data)


@dataclass(frozen=True)
class _Names:
    """How lycées, zones and sectors are called; an id that is not known is left as it is."""

    workspace: "Workspace"
    zones: Mapping[str, str]
    #: lycées that the scenario adds to the data folder's
    own: Mapping[str, str]

    def zone(self, key: object) -> str:
        return self.zones.get(str(key), str(key))

    def lycee(self, key: object) -> str:
        known = str(key) in self.workspace.lycees
        return self.workspace.name(str(key)) if known else self.own.get(str(key), str(key))

    def item(self, data: Mapping[str, Any]) -> str:
        sectors = {sector.id: sector.name for sector in self.workspace.plan.sectors}
        kind, key = data["kind"], data["id"]
        if kind == "sector":
            return sectors.get(key, str(key))
        return self.lycee(key) if kind == "lycee" else self.zone(key)


def _moves(names: _Names, data: Mapping[str, Any]) -> str:
    by_zone: dict[str, list[str]] = {}
    for lycee, target in data["moves"].items():
        by_zone.setdefault(target, []).append(names.lycee(lycee))
    return " ; ".join(f"{listing(lycees)} → {names.zone(key)}" for key, lycees in by_zone.items())


def _split(names: _Names, data: Mapping[str, Any]) -> str:
    lycees = listing([names.lycee(lycee) for lycee in data["lycees"]])
    return f"Zone {names.zone(data['zone'])} scindée : {data['name']} reçoit {lycees}"


def _pivot(names: _Names, data: Mapping[str, Any]) -> str:
    pivot = names.lycee(data["lycee"]) if data["lycee"] else "celui que l'outil calcule"
    return f"Lycée pivot de {names.zone(data['zone'])} : {pivot}"


def _needs(names: _Names, data: Mapping[str, Any]) -> str:
    changes = list(data["needs"].items())
    said = [
        f"{names.lycee(key)} : {'hypothèse' if value is None else plural(value, 'demi-journée')}"
        for key, value in changes[:3]
    ]
    more = f", et {len(changes) - 3} autres" if len(changes) > 3 else ""
    return f"Besoins, {', '.join(said)}{more}"


def _posts(names: _Names, data: Mapping[str, Any]) -> str:
    zones = [names.zone(zone) for zone in data["zones"]]
    where = listing(zones) if len(zones) < 4 else f"{len(zones)} zones"
    return f"Postes de {where} : {plural(len(data['posts']), 'poste')} de T.I.P."


def _place(names: _Names, data: Mapping[str, Any]) -> str:
    lycee = names.lycee(data["lycee"])
    if data["lat"] is None:
        return f"{lycee} : position des données reprise"
    at = f"{number(data['lat'], 5)} ; {number(data['lon'], 5)}"
    return f"{lycee} : position corrigée à la main ({at})"


_TELLERS: dict[str, Callable[[_Names, Mapping[str, Any]], str]] = {
    "move": _moves,
    "create_zone": lambda _, data: f"Zone {data['name']} créée",
    "rename_zone": lambda _, data: f"Zone renommée {data['name']}",
    "delete_zone": lambda names, data: f"Zone {names.zone(data['zone'])} supprimée",
    "merge_zones": lambda names, data: (
        f"Zone {names.zone(data['zone'])} fusionnée avec {names.zone(data['into'])}"
    ),
    "split_zone": _split,
    "set_colour": lambda names, data: (
        f"Couleur de {names.zone(data['zone'])} : {data['colour'] or 'celle de la palette'}"
    ),
    "set_pivot": _pivot,
    "place": _place,
    "lock": lambda names, data: f"{names.item(data)} : verrouillé ({data['reason']})",
    "unlock": lambda names, data: f"{names.item(data)} : déverrouillé",
    "set_needs": _needs,
    "set_needs_rule": lambda *_: "Règle des besoins par type de lycée changée",
    "set_posts": _posts,
    "drop_posts": lambda _, data: f"{plural(len(data['posts']), 'poste retiré', 'postes retirés')}",
    "story": lambda _, data: (
        "Récit du webinaire : celui que l'outil propose"
        if data["steps"] is None
        else f"Récit du webinaire : {plural(len(data['steps']), 'étape')}"
    ),
}


def _zone_names(work: Work) -> dict[str, str]:
    names = {zone.id: zone.name for zone in work.base.zones}
    for event in work.timeline.events:
        if event.kind in {"create_zone", "rename_zone"}:
            names[str(event.data["zone"])] = str(event.data["name"])
        elif event.kind == "split_zone":
            names[str(event.data["new"])] = str(event.data["name"])
    return names


def effect_of_moves(
    workspace: "Workspace", plan: Plan, moves: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what moving several lycées at once would change, in sentences."""
    after = plan
    for lycee, zone in moves.items():
        after = after.move(lycee, zone)
    before, then = workspace.evaluator.region(plan), workspace.evaluator.region(after)
    said = []
    for key, label in (("mean_minutes", "Trajet moyen"), ("max_minutes", "Trajet le plus long")):
        start, end = before[key], then[key]
        if isinstance(start, (int, float)) and isinstance(end, (int, float)):
            gap = signed(end - start)
            said.append(f"{label} de la région : {minutes(start, 1)} → {minutes(end, 1)} ({gap})")
    known = {(breach.rule, breach.zone, breach.message) for breach in workspace.check(plan)}
    said += [
        breach.message
        for breach in workspace.check(after)
        if (breach.rule, breach.zone, breach.message) not in known
    ]
    return tuple(said)
