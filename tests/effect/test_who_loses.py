"""Losses of real moves and swaps against the rule of docs/reference.md, written again from it."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from math import inf
from random import Random

import pytest

from geozones.domain import Plan
from geozones.rules import RuleOrigin, difference
from geozones.workspace.figures.effects import losses_of
from geozones.workspace.figures.study import Study

#: Kind, level, lycées, zone or sector.
type Line = tuple[str, int, tuple[str, ...], str | None]


class Rule:
    """The rule, over the facts of one study."""

    def __init__(self, study: Study) -> None:
        self.study, self.before = study, study.plan
        self.one_way, self.both = study.times.one_way, study.times.both_ways
        self.cost = lru_cache(maxsize=None)(self._cost)
        self.broken = study.check()

    def _cost(self, members: tuple[str, ...]) -> tuple[float, float | None]:
        """Return the posts of a zone and the absences that it covers, in %."""
        row = self.study.ranking.move_deltas.figures.of_all([members])[0]
        posts, unattended, missed = row[1], row[3], row[4]
        if len(members) == 1:
            return posts, 0.0
        return posts, 100 * (1 - unattended / missed) if missed else None

    def lines(self, after: Plan) -> list[Line]:
        """Return the losses by a plan, in order."""
        found = [*self.posts(after)]
        alone = set()
        for zone in after.zones:
            members = after.members(zone.id)
            if not members or self.before.members(zone.id) == members:
                continue
            if len(members) == 1:
                (one,) = members
                if len(self.before.members(self.before.zone_of(one).id)) > 1:
                    alone.add(zone.id)
                    found.append(self.line("alone", 0, members, zone.id, (0, 0.0)))
            else:
                found += self.cover(after, zone.id)
                found += self.colleagues(after, zone.id)
                found += self.drives(after, zone.id)
            pieces = [self.pieces(plan.members(zone.id)) for plan in (self.before, after)]
            if pieces[1] > max(pieces[0], 1):
                name = self.before.zone(zone.id).name
                found.append(((3, 2, 0.0, 0.0, name), ("pieces", 3, (), zone.id)))
        found += self.rules(after, alone)
        return [line for _, line in sorted(found, key=lambda entry: entry[0])]

    def line(
        self, kind: str, level: int, lycees: tuple[str, ...], zone: str, order: tuple[int, float]
    ) -> tuple[tuple[object, ...], Line]:
        named = sorted(lycees, key=self.study.name)
        teams, atlas = self.study.teams, self.study.territory.lycees
        need = sum(teams.need(atlas[lycee]).half_days for lycee in named)
        rank, times = order
        key = (level, rank, -times, -need, self.study.name(named[0]))
        return key, (kind, level, tuple(named), zone)

    def posts(self, after: Plan) -> Iterator[tuple[tuple[object, ...], Line]]:
        for sector in self.before.sectors:
            then, now = (
                sum(
                    self.cost(plan.members(zone.id))[0]
                    for zone in plan.zones_of(sector.id)
                    if plan.members(zone.id)
                )
                for plan in (self.before, after)
            )
            if now < then - 0.5:
                yield (0, 1, 0.0, 0.0, sector.name), ("posts", 0, (), sector.id)

    def origins(self, after: Plan, zone: str) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for lycee in after.members(zone):
            held.setdefault(self.before.zone_of(lycee).id, []).append(lycee)
        return held

    def cover(self, after: Plan, zone: str) -> Iterator[tuple[tuple[object, ...], Line]]:
        now = self.cost(after.members(zone))[1]
        for origin, lycees in self.origins(after, zone).items():
            then = self.cost(self.before.members(origin))[1]
            if then is None or now is None or len(self.before.members(origin)) == 1:
                continue
            lost = then - now
            if lost >= 10:
                level = 0 if now < 5 else 1 if lost >= 20 else 2
                yield self.line("cover", level, tuple(lycees), zone, (2, lost / 10))

    def nearest(self, lycee: str, members: tuple[str, ...]) -> float:
        return min((self.one_way[other][lycee] for other in members if other != lycee), default=inf)

    def colleagues(self, after: Plan, zone: str) -> Iterator[tuple[tuple[object, ...], Line]]:
        for lycee in after.members(zone):
            mates = self.before.members(self.before.zone_of(lycee).id)
            if len(mates) == 1:
                continue
            then, now = self.nearest(lycee, mates), self.nearest(lycee, after.members(zone))
            if then == now:
                continue
            more = now - then
            if more > 20 or (more > 5 and now > 30):
                yield self.line("colleague", 1, (lycee,), zone, (2, more / 10))
            elif more > 10:
                yield self.line("colleague", 2, (lycee,), zone, (2, more / 10))

    def drives(self, after: Plan, zone: str) -> Iterator[tuple[tuple[object, ...], Line]]:
        where = self.before.zone_by_lycee
        worst = max(
            (
                (self.both[one][other], (one, other))
                for one, other in combinations(after.members(zone), 2)
                if where[one] != where[other]
            ),
            key=lambda pair: pair[0],
            default=(0.0, ()),
        )
        if worst[0] > 45:
            level = 1 if worst[0] > 60 else 2
            yield self.line("drive", level, worst[1], zone, (2, 1 + (worst[0] - 45) / 15))

    def pieces(self, members: tuple[str, ...]) -> int:
        left, count = set(members), 0
        while left:
            count += 1
            reached = [left.pop()]
            while reached:
                near = left & self.study.territory.neighbours.get(reached.pop(), frozenset())
                left -= near
                reached += near
        return count

    def rules(self, after: Plan, alone: set[str]) -> Iterator[tuple[tuple[object, ...], Line]]:
        for breach in difference(self.broken, self.study.with_plan(after).check()).new:
            told = breach.rule == "zone_size" and breach.zone in alone
            if breach.origin is not RuleOrigin.DOCUMENT or breach.rule == "sector_change" or told:
                continue
            named = self.before
            place = (
                named.zone(breach.zone).name if breach.zone else named.sector(breach.sector).name
            )
            yield (3, 2, 0.0, 0.0, place), ("rule", 3, breach.lycees, breach.zone or breach.sector)


def told(study: Study, after: Plan) -> list[Line]:
    return [
        (loss.kind.value, loss.level, loss.lycees, loss.zone or loss.sector)
        for loss in losses_of(study, study.with_plan(after))
    ]


def around(study: Study) -> dict[str, list[str]]:
    """Return the zones (ids) that touch each lycée's own zone."""
    plan, near = study.plan, study.territory.neighbours
    found = {}
    for lycee in sorted(plan.zone_by_lycee):
        own = plan.zone_of(lycee).id
        touching = {
            plan.zone_by_lycee[other]
            for mate in plan.members(own)
            for other in near.get(mate, ())
            if other in plan.zone_by_lycee
        }
        found[lycee] = sorted(touching - {own})
    return found


@pytest.fixture(scope="module")
def rule(study: Study) -> Rule:
    return Rule(study)


def test_every_loss_of_a_move_to_a_touching_zone_is_told_and_no_other(
    study: Study, rule: Rule
) -> None:
    moves = [(lycee, zone) for lycee, zones in around(study).items() for zone in zones]
    assert len(moves) == 593
    for lycee, zone in moves:
        after = study.plan.move(lycee, zone)
        assert told(study, after) == rule.lines(after), (lycee, zone)


def test_every_loss_of_a_swap_is_told_and_no_other(study: Study, rule: Rule) -> None:
    plan = study.plan
    swaps = [
        (lycee, other)
        for lycee, zones in around(study).items()
        for zone in zones
        for other in plan.members(zone)
        if lycee < other
    ]
    for lycee, other in Random(1).sample(swaps, 300):  # noqa: S311 - the same swaps each time
        where = {lycee: plan.zone_of(other).id, other: plan.zone_of(lycee).id}
        after = plan.move_all(where)
        assert told(study, after) == rule.lines(after), where
