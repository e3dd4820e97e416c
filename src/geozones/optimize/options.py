"""Options of a proposal of zones: the constraints and choices that a planner may set."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import inf
from typing import Annotated

from geozones.common.bounds import at_least
from geozones.common.errors import InputError
from geozones.domain import Plan, UnknownLyceeError
from geozones.domain.proposal_conditions import (
    ALL,
    OF_TOTALS,
    ONE_PIECE,
    POSTS,
    RELEVE,
    RULES,
    THRESHOLD,
    LyceePair,
    Option,
    ProposalConditions,
    option_faults,
    releve_label,
    rule_label,
)
from geozones.domain.yearly_cost import CostModel
from geozones.optimize.resources import Resource


@dataclass(frozen=True, kw_only=True)
class PartitionOptions(ProposalConditions):
    """Constraints of a search: a planner's conditions, with the rules and costs of the solver.

    The rules (``adjacent``, ``threshold``, ``max_releve``) bind the new zones of a plan: a zone
    that is unchanged from the current plan may break them. ``without`` may be `ALL`.
    """

    #: Number of zones of the scope that have lycées, locked ones included; ``None`` for any.
    zone_count: Annotated[
        int | None, at_least(0, "est 0 ou plus"), Option(name="Le nombre de zones")
    ] = None
    locked_zones: Collection[str] = ()  # Zones (ids) whose lycées do not change.
    #: Pairs of lycées whose cells touch on the map: new zones are in one piece. ``None`` if they
    #: may be in several.
    adjacent: frozenset[LyceePair] | None = None
    #: Longest drive inside a new zone, in minutes (mean of the two directions); ``None`` for any.
    threshold: float | None = None
    #: By sector (id), the most minutes for the nearest colleague to come to one of its lycées in a
    #: new zone, which then has two lycées at least. A sector without a bound allows any.
    max_releve: tuple[tuple[str, float], ...] = ()
    #: Lycées that stay in their zone, whose posts are dedicated to it.
    posted: frozenset[str] = frozenset()
    #: Cost models of zones by sector of the scope (id), if costs differ between sectors; empty:
    #: ``cost`` everywhere. They count if lycées may change sector.
    sector_costs: tuple[tuple[str, CostModel], ...] = ()
    #: Cost model of zones: the objective is the sum over zones. ``None`` for the drives between
    #: colleagues, under the usual weights.
    cost: CostModel | None = None
    #: Resources of zones, with bounds on the total of the scope and on each zone.
    resources: tuple[Resource, ...] = ()

    def __post_init__(self) -> None:
        for name in ("sectors", "locked_lycees", "locked_zones", "posted"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        if self.adjacent is not None:
            object.__setattr__(self, "adjacent", frozenset(map(_ordered, self.adjacent)))
        object.__setattr__(self, "without", _rules_named(self.without))
        faults = _faults(self)
        if faults:
            raise InputError(" ".join(faults))

    @property
    def is_separable(self) -> bool:
        """Whether the best plan is the best plan of each sector, since no option spans sectors."""
        return not (
            self.change_sector
            or self.max_moves is not None
            or self.zone_count is not None
            or any(resource.most < inf and resource.sector is None for resource in self.resources)
        )

    def imposes(self, rule: str) -> bool:
        """Return whether a rule (of `RULES`) applies to the plans searched."""
        if rule in self.without:
            return False
        if rule in OF_TOTALS:
            return any(resource.rule == rule for resource in self.resources)
        if rule == POSTS:
            return bool(self.posted)
        if rule == RELEVE:
            return bool(self.max_releve)
        return (self.adjacent if rule == ONE_PIECE else self.threshold) is not None

    @property
    def held_lycees(self) -> frozenset[str]:
        """The lycées that stay in their zone: locked, or served by posts dedicated to it."""
        return frozenset(self.locked_lycees).union(self.posted if self.imposes(POSTS) else ())

    def label(self, rule: str) -> str:
        """Return the name of a rule (of `RULES`) in French, with its bound."""
        if rule in OF_TOTALS:
            named = (resource.label for resource in self.resources if resource.rule == rule)
            return next(named, rule_label(rule))
        if rule == RELEVE:
            return releve_label(minutes for _, minutes in self.max_releve)
        return rule_label(rule, self.threshold if rule == THRESHOLD else None)

    def require(self, plan: Plan) -> None:
        """Check that a plan has every sector, zone and lycée that the options name."""
        for sector in sorted(self.sectors):
            plan.sector(sector)
        for zone in sorted(self.locked_zones):
            plan.zone(zone)
        for lycee in sorted(self.locked_lycees):
            if lycee not in plan.zone_by_lycee:
                raise UnknownLyceeError(lycee)


def _rules_named(names: Iterable[str]) -> frozenset[str]:
    """Return the keys of rules among names, all of them for `ALL`."""
    named = frozenset(names)
    unknown = sorted(named.difference(RULES, [ALL]))
    if unknown:
        raise InputError(
            f"Aucune règle des propositions ne s'appelle « {unknown[0]} » : parmi "
            f"{', '.join((*RULES, ALL))}."
        )
    return frozenset(RULES) if ALL in named else named


def _ordered(pair: LyceePair) -> LyceePair:
    first, second = sorted(pair)
    return first, second


def _faults(options: PartitionOptions) -> list[str]:
    """Return the options that no plan could respect, in French sentences."""
    faults = option_faults(options)
    if options.size_max < options.size_min:
        faults.append(
            f"La taille maximale d'une zone ({options.size_max}) est plus petite que la taille "
            f"minimale ({options.size_min})."
        )
    releves = [minutes for _, minutes in options.max_releve]
    if any(x is not None and not x >= 0 for x in (options.threshold, *releves)):
        faults.append("Le seuil de minutes et la relève la plus lente sont des nombres positifs.")
    return faults
