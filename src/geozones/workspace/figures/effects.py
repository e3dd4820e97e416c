"""Losses and gains between two studies: facts of their zones for `geozones.effect`."""

from dataclasses import replace
from functools import lru_cache

from geozones.domain import Plan
from geozones.domain.teams import Teams
from geozones.effect import Loss, LossKind, ZoneFacts, find_losses
from geozones.rules import (
    REGISTRY,
    RuleOrigin,
    Violation,
    check_sectors,
    check_zones,
    difference,
)
from geozones.workspace.figures.analysis import Analysis, Ranking
from geozones.workspace.figures.study import Study

#: Kinds that a gain mirrors: a post more is a mark, a rule respected again a point that ends.
_MIRRORED = frozenset({LossKind.ALONE, LossKind.COVER, LossKind.COLLEAGUE, LossKind.DRIVE})


def losses_of(before: Study, after: Study) -> tuple[Loss, ...]:
    """Return who loses from one plan to another, the worst first; see `find_losses`."""
    facts = _facts(before), _facts(after)
    return find_losses((before.plan, after.plan), facts, _new_breaches(before, after))


def gains_of(before: Study, after: Study) -> tuple[Loss, ...]:
    """Return who gains from one plan to another: who would lose on the way back.

    Values are those before and after the change; the place is the zone that is left.
    """
    facts = _facts(after), _facts(before)
    back = find_losses((after.plan, before.plan), facts)
    return tuple(_turned(loss) for loss in back if loss.kind in _MIRRORED)


def _turned(loss: Loss) -> Loss:
    """Return a loss of the way back as a gain of the way there."""
    hours = None if loss.hours is None else (loss.hours[1], loss.hours[0])
    return replace(loss, before=loss.after, after=loss.before, hours=hours)


def _facts(study: Study) -> ZoneFacts:
    return _known_facts(study.analysis, study.teams, study.ranking)


@lru_cache(maxsize=16)
def _known_facts(analysis: Analysis, teams: Teams, ranking: Ranking) -> ZoneFacts:
    """Return the facts of zones under hypotheses; figures in closed form, as rankings use."""
    times, lycees = analysis.times, analysis.territory.lycees
    return ZoneFacts(
        times.one_way,
        times.both_ways,
        ranking.move_deltas.figures.of_all,
        analysis.territory.neighbours,
        analysis.settings.max_minutes,
        analysis.context.name,
        lambda lycee: teams.need(lycees[lycee]).half_days,
    )


_DOCUMENT = tuple(
    rule for rule in REGISTRY if rule.origin is RuleOrigin.DOCUMENT and rule.key != "sector_change"
)


def _new_breaches(before: Study, after: Study) -> tuple[Violation, ...]:
    """Return the breaches of the document's rules that the second plan has and the first has not.

    Only zones whose lycées differ, and their sectors, are checked.
    """
    sides = []
    for study, other in ((before, after), (after, before)):
        plan = study.plan
        zones = [zone.id for zone in plan.zones if _differs(plan, other.plan, zone.id)]
        sectors = dict.fromkeys(plan.zone(zone).sector for zone in zones)
        found = check_zones(plan, zones, study.context, _DOCUMENT)
        sides.append((*found, *check_sectors(plan, sectors, study.context)))
    return tuple(
        breach for breach in difference(*sides).new if breach.origin is RuleOrigin.DOCUMENT
    )


def _differs(plan: Plan, other: Plan, zone: str) -> bool:
    return not other.has_zone(zone) or plan.members(zone) != other.members(zone)
