"""Automatic name of a scenario: what it does, as long as nobody named it."""

import re

from geozones.common.french import listing, plural
from geozones.domain import Plan
from geozones.domain.terms import terms
from geozones.domain.timeline import Timeline
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.territory import Territory

#: Longest name of a scenario, in characters.
MAX_NAME = 120
#: Name that earlier versions gave.
_DATED = re.compile(r"Essai du \d")
_UNCHANGED = "Scénario sans changement"


def automatic_name(territory: Territory, work: Work, timeline: Timeline) -> str:
    """Return what a history does: « Blaise Pascal → Angers nord », else its last change."""
    moved = _moved(territory, timeline)
    if moved:
        return moved[:MAX_NAME]
    last = timeline.path[-1:]
    return describe_event(territory, work, last[0])[:MAX_NAME] if last else _UNCHANGED


def is_automatic(territory: Territory, work: Work) -> bool:
    """Tell whether a stored scenario still has the name that the tool gave it."""
    scenario = work.scenario
    if scenario is None:
        return not work.title
    stored = work.timeline.at(scenario.head)
    given = automatic_name(territory, work, stored)
    return scenario.name == given or bool(_DATED.match(scenario.name))


def _moved(territory: Territory, timeline: Timeline) -> str:
    """Describe the lycées that are in another zone than at the start; empty for none."""
    plan, names = timeline.plan, timeline.zone_names
    moves = plan.moves_from(timeline.start.plan)
    if len(moves) == 1:
        ((lycee, _, zone),) = moves
        known = territory.atlas.lycees.get(lycee)
        name = timeline.lycee_names.get(lycee, lycee) if known is None else known.name
        return f"{name} → {names.get(zone, zone)}"
    if not moves:
        return ""
    site = terms().site
    one, more = f"{site} déplacé{site.e}", f"{site.plural} déplacé{site.e}s"
    return f"{plural(len(moves), one, more)}, {_where(plan, moves)}"


def _where(plan: Plan, moves: tuple[tuple[str, str, str], ...]) -> str:
    sectors = dict.fromkeys(plan.sector(plan.zone(zone).sector).name for _, _, zone in moves)
    return listing(list(sectors)) if len(sectors) < 3 else plural(len(sectors), "secteur")
