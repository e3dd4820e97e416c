"""Losers of a change of plan: a rule on two plans, from each lycée's zone before to its after.

Thresholds were chosen on 683 single moves and 1,260 swaps of the Pays de la Loire, all computed:
four in five of those whose total is better hide a loss.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Plan
from geozones.domain.yearly_cost import absorbed_share
from geozones.rules import Violation
from geozones.territory.shapes import parts_cut_off


class LossKind(StrEnum):
    """Kind of a loss, or of a gain; the value is its name in JSON."""

    ALONE = "alone"
    POSTS = "posts"
    COVER = "cover"
    COLLEAGUE = "colleague"
    DRIVE = "drive"
    RULE = "rule"
    PIECES = "pieces"


#: Level of what is listed last: a rule or a piece that no other line tells.
LAST_LEVEL = 3
#: Points of absences covered that are a loss, a grave one, and the cover that is next to none.
_COVER, _MUCH_COVER, _NO_COVER = 10.0, 20.0, 5.0
#: Minutes more from the nearest colleague that are a loss, a grave one; the least that counts where
#: the colleague is then farther than `_FAR` minutes.
_COLLEAGUE, _MUCH_COLLEAGUE, _SOME_COLLEAGUE, _FAR = 10.0, 20.0, 5.0, 30.0
#: Minutes beyond the longest drive of the rule in force that make it a grave loss.
_BEYOND = 15.0


@dataclass(frozen=True, slots=True)
class Loss:
    """What a change takes from some lycées, a zone or a sector; also what it gives, for a gain."""

    kind: LossKind
    level: int  # From 0 (worst) to 3.
    lycees: tuple[str, ...] = ()  # Lycées (ids) that lose; both ends of a drive.
    names: tuple[str, ...] = ()  # Their names.
    zone: str | None = None  # Their zone (id) after the change, and its name.
    sector: str | None = None  # The sector (id) of a loss of posts or of a rule on sectors.
    place: str = ""  # Name of the zone or sector, before the change where it has one.
    #: Both values: absences covered in %, minutes, posts, pieces; ``None`` without such a value.
    before: float | None = None
    after: float | None = None
    hours: tuple[float, float] | None = None  # Hours without technician of the zones, for a cover.
    message: str = ""  # Sentence of the broken rule.
    excess: float = 0.0  # How many times the threshold: the order among losses of one level.
    need: float = 0.0  # Half-days a week that the lycées need.

    @property
    def unit(self) -> str:
        """Unit of both values, as in JSON; empty without values."""
        return _UNITS.get(self.kind, "")

    @property
    def counts(self) -> bool:
        """Whether its lycées are losers: levels 0 to 2."""
        return self.level < LAST_LEVEL


_UNITS = {
    LossKind.POSTS: "postes",
    LossKind.COVER: "%",
    LossKind.COLLEAGUE: "min",
    LossKind.DRIVE: "min",
    LossKind.PIECES: "parties",
}


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """Facts of zones that the rule reads, over one matrix and one set of hypotheses."""

    one_way: Mapping[str, Mapping[str, float]]  # Minutes from a lycée to another.
    both_ways: Mapping[str, Mapping[str, float]]  # Mean minutes of the two directions.
    #: Figures of zones given by their lycées, ``float[zone, ZONE_FIGURES]``.
    figures: Callable[[Sequence[tuple[str, ...]]], NDArray[np.float64]]
    neighbours: Mapping[str, frozenset[str]]
    max_minutes: float  # Longest drive inside a zone by the rule in force.
    name: Callable[[str], str]  # Name of a lycée (id) in a sentence.
    half_days: Callable[[str], float]  # Half-days a week that a lycée (id) needs.

    def cover(self, members: tuple[str, ...]) -> tuple[float | None, float]:
        """Return the absences covered of a zone, in %, and its hours without technician.

        A zone of one covers nothing; one without need has no cover, ``None``.
        """
        row = self.figures([members])[0]
        unattended, missed = float(row[3]), float(row[4])
        share = absorbed_share(missed, unattended)
        return share if share is None or len(members) > 1 else 0.0, unattended

    def nearest(self, lycee: str, members: tuple[str, ...]) -> float:
        """Return the minutes from the nearest colleague of a zone to a lycée."""
        return min(self.one_way[other][lycee] for other in members if other != lycee)


def find_losses(
    plans: tuple[Plan, Plan], facts: tuple[ZoneFacts, ZoneFacts], broken: Iterable[Violation] = ()
) -> tuple[Loss, ...]:
    """Return who loses from a plan to another, the worst first.

    ``facts`` are those of each plan, ``broken`` the new breaches of the document's rules. Lycées
    looked at are those of zones whose lycées differ. A lycée that opens can only be alone; one that
    closes loses nothing here.
    """
    before, after = plans
    changed = [
        zone.id
        for zone in after.zones
        if after.members(zone.id)
        and not (before.has_zone(zone.id) and before.members(zone.id) == after.members(zone.id))
    ]
    found: list[Loss] = list(_posts(plans, facts))
    for zone in changed:
        members = after.members(zone)
        if len(members) == 1:
            found += _alone(plans, zone, facts[1])
        else:
            found += _covers(plans, zone, facts)
            found += _colleagues(plans, zone, facts)
            found += _drive(plans, zone, facts[1])
        found += _pieces(plans, zone, facts)
    alone = {loss.zone for loss in found if loss.kind is LossKind.ALONE}
    for breach in broken:
        if breach.rule != "zone_size" or breach.zone not in alone:
            found.append(_rule(plans, breach))
    return tuple(sorted(found, key=_order))


def _order(loss: Loss) -> tuple[int, int, float, float, str]:
    """Return the sort key: level, alone, posts, then times the threshold, need, name."""
    rank = {LossKind.ALONE: 0, LossKind.POSTS: 1}.get(loss.kind, 2)
    return loss.level, rank, -loss.excess, -loss.need, (*loss.names, loss.place)[0]


def _of(loss: Loss, plans: tuple[Plan, Plan], facts: ZoneFacts) -> Loss:
    """Return a loss of lycées with their names, their need and the name of their zone."""
    lycees = tuple(sorted(loss.lycees, key=facts.name))
    return replace(
        loss,
        lycees=lycees,
        names=tuple(map(facts.name, lycees)),
        place=_zone_name(plans, loss.zone or ""),
        need=sum(map(facts.half_days, lycees)),
    )


def _zone_name(plans: tuple[Plan, Plan], zone: str) -> str:
    """Return the name of a zone (id) before the change, or after it for a new one."""
    plan = next(plan for plan in plans if plan.has_zone(zone))
    return plan.zone(zone).name


def _posts(plans: tuple[Plan, Plan], facts: tuple[ZoneFacts, ZoneFacts]) -> Iterator[Loss]:
    """Yield the sectors that have fewer estimated posts after the change."""
    zones = [{z.id: (z.sector, plan.members(z.id)) for z in plan.zones} for plan in plans]
    more: dict[str, float] = {}
    for sign, side, own, other in (
        (-1, facts[0], zones[0], zones[1]),
        (1, facts[1], zones[1], zones[0]),
    ):
        unlike = [entry for zone, entry in own.items() if other.get(zone) != entry]
        posts = side.figures([members for _, members in unlike])[:, 1] if unlike else ()
        for (sector, _), count in zip(unlike, posts, strict=True):
            more[sector] = more.get(sector, 0.0) + sign * float(count)
    for sector, count in more.items():
        if round(count) >= 0:
            continue
        then, now = (
            sum(side.figures([members for owner, members in own.values() if owner == sector])[:, 1])
            if any(owner == sector for owner, _ in own.values())
            else 0
            for own, side in zip(zones, facts, strict=True)
        )
        plan = next(plan for plan in plans if plan.has_sector(sector))
        yield Loss(
            LossKind.POSTS,
            0,
            sector=sector,
            place=plan.sector(sector).name,
            before=round(float(then)),
            after=round(float(now)),
        )


def _alone(plans: tuple[Plan, Plan], zone: str, facts: ZoneFacts) -> Iterator[Loss]:
    """Yield the lycée of a zone of one, unless it was alone before."""
    before, after = plans
    (lycee,) = after.members(zone)
    opens = lycee not in before.zone_by_lycee
    if opens or len(before.members(before.zone_of(lycee).id)) > 1:
        yield _of(Loss(LossKind.ALONE, 0, (lycee,), zone=zone), plans, facts)


def _mates_before(before: Plan, members: Iterable[str]) -> dict[str, list[str]]:
    """Return the lycées of a zone that were open before, by the zone (id) that they were in."""
    held: dict[str, list[str]] = {}
    for lycee in members:
        if lycee in before.zone_by_lycee:
            held.setdefault(before.zone_of(lycee).id, []).append(lycee)
    return held


def _covers(
    plans: tuple[Plan, Plan], zone: str, facts: tuple[ZoneFacts, ZoneFacts]
) -> Iterator[Loss]:
    """Yield the lycées of a zone whose absences are less often covered than in their zone before.

    Lycées that come from one zone are together.
    """
    before, after = plans
    now, left_now = facts[1].cover(after.members(zone))
    for origin, lycees in _mates_before(before, after.members(zone)).items():
        held = before.members(origin)
        then, left_then = facts[0].cover(held)
        if now is None or then is None or len(held) == 1 or then - now < _COVER:
            continue
        level = 0 if now < _NO_COVER else 1 if then - now >= _MUCH_COVER else 2
        loss = Loss(
            LossKind.COVER,
            level,
            tuple(lycees),
            zone=zone,
            before=then,
            after=now,
            hours=(left_then, left_now),
            excess=(then - now) / _COVER,
        )
        yield _of(loss, plans, facts[1])


def _colleagues(
    plans: tuple[Plan, Plan], zone: str, facts: tuple[ZoneFacts, ZoneFacts]
) -> Iterator[Loss]:
    """Yield the lycées of a zone whose nearest colleague is farther than before."""
    before, after = plans
    members = after.members(zone)
    for origin, lycees in _mates_before(before, members).items():
        held = before.members(origin)
        for lycee in lycees if len(held) > 1 else ():
            then, now = facts[0].nearest(lycee, held), facts[1].nearest(lycee, members)
            more = 0.0 if then == now else now - then
            if more > _MUCH_COLLEAGUE or (more > _SOME_COLLEAGUE and now > _FAR):
                level = 1
            elif more > _COLLEAGUE:
                level = 2
            else:
                continue
            loss = Loss(
                LossKind.COLLEAGUE,
                level,
                (lycee,),
                zone=zone,
                before=then,
                after=now,
                excess=more / _COLLEAGUE,
            )
            yield _of(loss, plans, facts[1])


def _drive(plans: tuple[Plan, Plan], zone: str, facts: ZoneFacts) -> Iterator[Loss]:
    """Yield the longest drive of a zone between lycées that were in two zones, if it is too long.

    Lycées that open were in none: they are left out.
    """
    before, after = plans
    where = before.zone_by_lycee
    known = [lycee for lycee in after.members(zone) if lycee in where]
    pairs = [
        (facts.both_ways[a][b], (a, b)) for a, b in combinations(known, 2) if where[a] != where[b]
    ]
    took, ends = max(pairs, key=lambda pair: pair[0], default=(0.0, ()))
    if took > facts.max_minutes:
        level = 1 if took > facts.max_minutes + _BEYOND else 2
        excess = 1 + (took - facts.max_minutes) / _BEYOND
        yield _of(
            Loss(LossKind.DRIVE, level, ends, zone=zone, after=took, excess=excess), plans, facts
        )


def _pieces(
    plans: tuple[Plan, Plan], zone: str, facts: tuple[ZoneFacts, ZoneFacts]
) -> Iterator[Loss]:
    """Yield a zone that is in more pieces than before."""
    then, now = (
        max(len(parts_cut_off(side.neighbours, plan.members(zone))), 1)
        if plan.has_zone(zone)
        else 1
        for plan, side in zip(plans, facts, strict=True)
    )
    if now > then:
        yield Loss(
            LossKind.PIECES,
            LAST_LEVEL,
            zone=zone,
            place=_zone_name(plans, zone),
            before=then,
            after=now,
        )


def _rule(plans: tuple[Plan, Plan], breach: Violation) -> Loss:
    place = (
        _zone_name(plans, breach.zone) if breach.zone else plans[1].sector(breach.sector or "").name
    )
    return Loss(
        LossKind.RULE,
        LAST_LEVEL,
        breach.lycees,
        zone=breach.zone,
        sector=breach.sector,
        place=place,
        message=breach.message,
    )


def of_places(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """Return losses without those of posts, which the sentence on posts tells with the others."""
    return tuple(loss for loss in losses if loss.kind is not LossKind.POSTS)


def losers(losses: Iterable[Loss]) -> tuple[str, ...]:
    """Return the lycées (ids) that lose, each once; a sector that loses a post is none."""
    return tuple(dict.fromkeys(lycee for loss in losses if loss.counts for lycee in loss.lycees))


def finite(value: float | None) -> float | None:
    """Return a value for JSON, where a missing road is ``None``."""
    return value if value is None or math.isfinite(value) else None
