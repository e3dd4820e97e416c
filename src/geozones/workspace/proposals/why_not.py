"""« Pourquoi pas ailleurs ? »: the best plan with a forced choice, and its extra cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.domain import Plan, UnknownLyceeError
from geozones.domain.terms import terms, worded
from geozones.metrics import PlanChange
from geozones.workspace.jobs import SEARCHES, Job, Listener
from geozones.workspace.plan_comparison import plan_change
from geozones.workspace.proposals.search import OpenedPlan, PlanRequest, Point
from geozones.workspace.proposals.solve import propose
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions, Result

#: Most zones of other sectors tried for a lycée, and most lycées tried in a zone, nearest first.
_ELSEWHERE = 8
#: Prices closer to 0 than this, in the unit of the objective, count as 0.
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """A forced choice: a lycée in a zone, or a zone of exactly some lycées."""

    #: Ids of the lycée and of its zone. For a zone of exactly some lycées, ``lycee`` is empty, and
    #: so is ``zone`` unless the choice is about a zone of the plan.
    lycee: str = ""
    zone: str = ""
    #: Ids of the lycées of the zone, sorted; empty for a lycée in a zone.
    lycees: tuple[str, ...] = ()

    def imposed(self, options: "PartitionOptions") -> "PartitionOptions":
        """Return the options with this choice imposed."""
        if self.lycees:
            return replace(options, made=options.made | {self.lycees})
        return replace(options, placed=options.placed | {(self.lycee, self.zone)})

    def subject(self, study: Study) -> str:
        """Return the subject in French: a lycée, a zone of the plan, or any zone."""
        if self.lycee:
            return study.name(self.lycee)
        return f"zone {study.plan.zone(self.zone).name}" if self.zone else "une zone"

    def title(self, study: Study) -> str:
        """Return a title: the subject and the choice."""
        subject, text = self.subject(study), self.text(study)
        stays = text.startswith("reste ")
        link = " " if stays else " → " if self.lycee else " : "
        return f"{subject[0].upper()}{subject[1:]}{link}{text}"

    def text(self, study: Study) -> str:
        """Return the choice in French, without its subject."""
        plan = study.plan
        if self.lycees:
            return self._composition(study)
        zone = plan.zone(self.zone).name
        return f"reste dans {zone}" if plan.zone_by_lycee[self.lycee] == self.zone else zone

    def _composition(self, study: Study) -> str:
        before = study.plan.members(self.zone) if self.zone else ()
        if self.lycees == before:
            return "telle qu'elle est"
        more = [study.name(lycee) for lycee in self.lycees if lycee not in before]
        fewer = [study.name(lycee) for lycee in before if lycee not in self.lycees]
        if not before:
            return listing(more)
        return ", ".join(
            f"{word} {listing(names)}" for word, names in (("avec", more), ("sans", fewer)) if names
        )


@dataclass(frozen=True)
class Alternative:
    """The best plan with a forced choice."""

    choice: Choice
    #: Extra cost over the best plan without the choice, in the unit of the objective: never
    #: negative if both are proven; ``inf`` if there is no plan.
    price: float
    result: "Result | None"
    #: Effect of the choice on the best plan; ``None`` if it stays the best, or has no plan.
    change: PlanChange | None = None
    why: str = ""  # Why there is no plan, in French; empty otherwise.


@dataclass(frozen=True)
class WhyNot:
    """Choices by price, the cheapest first, then the impossible ones.

    ``best`` is the best plan without any of them, ``options`` the options of every search.
    """

    best: "Result"
    options: "PartitionOptions"
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class WhyNotRequest:
    """Search of the prices of the choices of a lycée or a zone (``item``, its id)."""

    origin: PlanRequest
    item: str

    @property
    def subject(self) -> str:
        """The subject of the search, in French."""
        study = self.origin.study
        is_lycee = self.item in study.plan.zone_by_lycee
        return study.name(self.item) if is_lycee else f"zone {study.plan.zone(self.item).name}"


type WhyNotJob = Job[WhyNotRequest, None, WhyNot]


def why_not_job(asked: WhyNotRequest) -> WhyNotJob:
    """Return the job of `why_not`, for all `choices_of` the item."""
    return Job(SEARCHES, search_why_not, asked, None)


def search_why_not(listen: Listener, asked: WhyNotRequest) -> WhyNot:
    """Search the prices of the choices; raise as `why_not`."""
    study, options, objective = asked.origin.study, asked.origin.options, asked.origin.objective
    choices = choices_of(study, options, asked.item)
    return why_not(study, options, choices, objective=objective, listen=listen)


def opened_plan(origin: PlanRequest, one: Alternative) -> OpenedPlan | None:
    """Return a choice's best plan, to open it on the map; ``None`` if there is none."""
    if one.result is None:
        return None
    point = Point(len(one.result.moves), one.result)
    proven = one.result.status.value == "optimal"
    proof = (
        "Prouvé : sous ces conditions et avec ce choix, aucun plan ne fait mieux."
        if proven
        else "Pas encore prouvé : avec ce choix, un autre plan ferait peut-être mieux."
    )
    return OpenedPlan(origin, point, one.choice.title(origin.study), proof)


def read_choices(study: Study, options: "PartitionOptions", text: str) -> tuple[Choice, ...]:
    """Read the choices that a text describes.

    ``LYCEE=ZONE`` is one choice, as is ``LYCEE,LYCEE…`` (a zone of exactly these); ``LYCEE`` or
    ``ZONE`` stand for all of `choices_of`.
    """
    plan = study.plan
    if "=" in text:
        lycee, _, zone = (part.strip() for part in text.partition("="))
        plan.zone_of(lycee)
        plan.zone(zone)
        return (Choice(lycee, zone),)
    ids = tuple(sorted({part.strip() for part in text.split(",")} - {""}))
    if len(ids) == 1:
        return choices_of(study, options, ids[0])
    for lycee in ids:
        plan.zone_of(lycee)
    if not ids:
        raise InputError(
            worded("Donnez {a_site}, {a_site} et sa zone ({SITE}=ZONE), ou les {sites} d'une zone.")
        )
    return (Choice(lycees=ids),)


def choices_of(study: Study, options: "PartitionOptions", item: str) -> tuple[Choice, ...]:
    """Return the choices to try for a lycée or a zone (id).

    A lycée may be in any zone of its sector, or in the nearest zones of other sectors if it may
    change sector. A zone may stay exactly as it is, take one more lycée, or lose one.
    """
    plan = study.plan
    if item in plan.zone_by_lycee:
        return tuple(Choice(item, zone) for zone in _destinations(study, options, item))
    if all(zone.id != item for zone in plan.zones):
        raise UnknownLyceeError(item)
    members = plan.members(item)
    if not members:
        raise InputError(f"La zone {plan.zone(item).name} n'a pas {terms().site.of}.")
    fewer = [tuple(x for x in members if x != lycee) for lycee in members]
    more = [tuple(sorted((*members, lycee))) for lycee in _near(study, options, item)]
    low, high = options.size_min, options.size_max
    sets = (members, *(zone for zone in (*fewer, *more) if low <= len(zone) <= high))
    return tuple(Choice(zone=item, lycees=zone) for zone in sets)


def why_not(
    study: Study,
    options: "PartitionOptions",
    choices: Sequence[Choice],
    *,
    objective: str = HOURS,
    listen: Callable[[], None] = lambda: None,
) -> WhyNot:
    """Return the best plan with each choice forced, and its price.

    If sectors are independent, only the sectors of the choices are searched: the prices are the
    same. ``listen`` is called regularly and may raise to stop the search.
    """
    within = _sectors_of(study.plan, options, choices)

    def search(asked: "PartitionOptions") -> "Result":
        return propose(study, asked, lambda *_: listen(), objective=objective, within=within)

    best = search(options)
    if best.status.value not in {"optimal", "feasible"}:
        raise InputError(best.why)
    found = [_alternative(study, choice, best, search, options) for choice in choices]
    ordered = sorted(found, key=lambda one: (one.price, bool(one.why)))
    return WhyNot(best, options, tuple(ordered))


def _alternative(
    study: Study,
    choice: Choice,
    best: "Result",
    search: "Callable[[PartitionOptions], Result]",
    options: "PartitionOptions",
) -> Alternative:
    refused = _locked(study, choice)
    if refused:
        return Alternative(choice, inf, None, why=refused)
    try:
        result = search(choice.imposed(options))
    except InputError as error:
        return Alternative(choice, inf, None, why=str(error))
    if result.status.value not in {"optimal", "feasible"}:
        return Alternative(choice, inf, None, why=result.why)
    price = result.objective_after - best.objective_after
    change = (
        None
        if result.plan == best.plan
        else plan_change(study.with_plan(best.plan), study.with_plan(result.plan))
    )
    return Alternative(choice, 0.0 if abs(price) < _SAME else price, result, change)


def _locked(study: Study, choice: Choice) -> str:
    """Return the lock of the scenario that forbids a choice, with its reason; empty if none."""
    if not choice.lycee or study.plan.zone_by_lycee[choice.lycee] == choice.zone:
        return ""
    return study.locks.refusal(study.plan, choice.lycee, choice.zone, study.name) or ""


def _sectors_of(
    plan: Plan, options: "PartitionOptions", choices: Sequence[Choice]
) -> frozenset[str]:
    """Return the sectors (ids) to search: the sectors of the choices, if independent."""
    if not options.is_separable:
        return frozenset(options.sectors)
    lycees = {lycee for choice in choices for lycee in (choice.lycee, *choice.lycees) if lycee}
    sectors = {plan.sector_of(lycee).id for lycee in lycees}
    return frozenset(filter(partial(_in_scope, options), sectors or options.sectors))


def _destinations(study: Study, options: "PartitionOptions", lycee: str) -> list[str]:
    """Return the zones (ids) to try for a lycée: of its sector, then others, nearest first."""
    plan, home = study.plan, study.plan.sector_of(lycee).id
    far = _minutes(study, lycee)
    distance = {
        zone.id: min((far(other) for other in plan.members(zone.id) if other != lycee), default=inf)
        for zone in plan.zones
        if zone.sector == home or _in_scope(options, zone.sector)
    }
    near = sorted((zone for zone in distance if distance[zone] < inf), key=distance.__getitem__)
    own = [zone for zone in near if plan.zone(zone).sector == home]
    others = [zone for zone in near if plan.zone(zone).sector != home]
    return [*own, *(others[:_ELSEWHERE] if options.change_sector else [])]


def _near(study: Study, options: "PartitionOptions", zone: str) -> list[str]:
    """Return the lycées (ids) to try in a zone, the nearest first."""
    plan, members = study.plan, study.plan.members(zone)
    home = plan.zone(zone).sector
    far = {
        lycee: min(_minutes(study, lycee)(member) for member in members)
        for lycee in plan.lycees
        if lycee not in members
        and (plan.sector_of(lycee).id == home or options.change_sector)
        and _in_scope(options, plan.sector_of(lycee).id)
    }
    return sorted((lycee for lycee in far if far[lycee] < inf), key=far.__getitem__)[:_ELSEWHERE]


def _in_scope(options: "PartitionOptions", sector: str) -> bool:
    return not options.sectors or sector in options.sectors


def _minutes(study: Study, lycee: str) -> Callable[[str], float]:
    table = study.times.both_ways[lycee]
    return lambda other: table[other]
