"""Another plan in force than the base of a scenario, and what publishing it would undo."""

from collections.abc import Mapping

from geozones.common.french import listing, of, plural
from geozones.domain import Lycee, Plan
from geozones.domain.events import State
from geozones.domain.events.base_events import decided_between, items_of
from geozones.domain.events.change import Item
from geozones.domain.scenario import Baseline
from geozones.domain.terms import terms
from geozones.workspace.analysis import Analysis
from geozones.workspace.scenarios.open_scenario import Work, baseline_of

_SHOWN = 6


def drift_of(analysis: Analysis, work: Work) -> str:
    """Return what another plan in force than the base of a scenario means for it; else "".

    It names what publishing the scenario would undo.
    """
    base = baseline_of(analysis, work)
    now = base.current
    if base.now is None:
        return ""
    changed = f"Depuis, le plan en vigueur a changé ({now.title})"
    if not now.is_in_force:
        changed = f"Depuis, le {base.dated} a été retiré : le {now.noun} est revenu"
    undone = undone_by(analysis, work, base)
    if not undone and work.plan.zone_by_lycee == now.plan.zone_by_lycee:
        return ""  # it is the scenario that was published
    if not undone:
        return f"{changed}. Publier ce scénario ne déferait rien de ce qui a été décidé."
    left = len(undone) - _SHOWN
    shown = undone[:_SHOWN] + ([plural(left, "autre point", "autres points")] if left > 0 else [])
    return f"{changed}. Publier ce scénario déferait : {listing(shown)}."


def undone_by(analysis: Analysis, work: Work, base: Baseline) -> list[str]:
    """Return what was decided since the base of a scenario that its plan lacks, in phrases."""
    now = State(base.current.plan, places=base.current.places)
    held, mine = items_of(now), items_of(work.state)
    decided = decided_between(State(base.plan, places=base.places), now)
    undone = {item for item in decided if mine.get(item) != held.get(item)}
    names = {**analysis.territory.atlas.lycees}
    for state in (work.state, now):
        names |= analysis.territory.relocated(state.places).lycees
    phrases = (_phrase(item, names, now.plan, work.plan) for item in sorted(undone, key=_order))
    return list(dict.fromkeys(filter(None, phrases)))


def _order(item: Item) -> tuple[bool, Item]:
    """Put the zones of lycées first."""
    return item[0] != "zone of", item


def _phrase(item: Item, names: Mapping[str, Lycee], now: Plan, mine: Plan) -> str:
    """Return an item of the plan in force in words; "" where those of another item say it."""
    kind, key, *field = item
    if kind in {"zone of", "lycee", "place"}:
        name, there = names[key].label, key in now.zone_by_lycee
        if there != (key in mine.zone_by_lycee):
            return f"{_MADE[there]} {of(name)}"
        towards = f"{name} vers {now.zone_of(key).name}" if kind == "zone of" else ""
        return towards or f"la position {of(name)}"
    if kind in {"zone", "zone name"}:
        return _of_zone(kind, key, now, mine)
    if kind in {"sector", "sector field"}:
        there = now.has_sector(key)
        if there != mine.has_sector(key):
            return f"{_MADE[there]} du secteur {(now if there else mine).sector(key).name}"
        return f"{_field(field[0])} du secteur {now.sector(key).name}"
    return ""


#: What undoing takes away: what the plan in force has, or what it has no more.
_MADE = {True: "la création", False: "la suppression"}


def _of_zone(kind: str, key: str, now: Plan, mine: Plan) -> str:
    there = now.has_zone(key)
    if there != mine.has_zone(key):
        return f"{_MADE[there]} de la zone {(now if there else mine).zone(key).name}"
    zone = now.zone(key)
    if kind == "zone name":
        return f"le nom de la zone {zone.name}"
    return f"la zone {zone.name} dans le secteur {now.sector(zone.sector).name}"


def _field(name: str) -> str:
    """Return the name of a field of a sector, with its article."""
    if name == "support_centre":
        return terms().support_centre.the
    return {"name": "le nom", "rns": "le RNS", "draft": "la publication"}.get(name, "la fiche")
