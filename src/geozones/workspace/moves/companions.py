"""Joint moves of a lycée: alone, with a lycée of its zone, or in exchange for one of another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf, isnan

from geozones.domain import Plan
from geozones.rules import Difference, Severity, Violation, check_around, difference
from geozones.workspace.study import Study


class JointMoveKind(StrEnum):
    """Kind of a joint move."""

    ALONE = "alone"
    ALONG = "along"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class JointMove:
    """A move of a lycée, alone or with another one.

    Parameters
    ----------
    way
        Whether the other lycée goes along or comes in exchange, or there is none.
    moves
        The zone (id) that each lycée (id) joins, the requested lycée first.
    delta_objective
        Change of the plan's yearly hours, both lycées together.
    introduced, noted
        The breaches that it brings or worsens, and the new information, which is no breach.
    after
        The plan after the move.
    """

    way: JointMoveKind
    moves: Mapping[str, str]
    delta_objective: float
    introduced: tuple[Violation, ...]
    noted: tuple[Violation, ...]
    after: Plan

    @property
    def companion(self) -> str | None:
        """The other lycée (id), if there is one."""
        return next(iter(tuple(self.moves)[1:]), None)


type _Moves = dict[str, str]


def joint_moves(study: Study, lycee: str, most: int = 5) -> tuple[JointMove, ...]:
    """Return the best moves of a lycée: alone, along with another of its zone, or as a swap.

    The list has at most ``most`` moves of all kinds, and each lowers the yearly hours. Moves that
    bring or worsen the fewest breaches come first, then the fewest hours. Locked lycées and zones
    stay, and forbidden moves are left out.
    """
    plan = study.plan
    candidates = list(_candidates(plan, lycee))
    deltas = _deltas(study, [moves for _, moves in candidates])
    clean: list[JointMove] = []
    others: list[JointMove] = []
    for rank in sorted(range(len(candidates)), key=lambda rank: (deltas[rank], rank)):
        way, moves = candidates[rank]
        if len(clean) == most or not deltas[rank] < 0:
            break
        if _is_locked(study, moves):
            continue
        after = _moved(plan, moves)
        change = _changed_breaches(study, moves, after)
        if any(breach.severity is Severity.FORBIDDEN for breach in change.introduced):
            continue
        move = JointMove(way, moves, deltas[rank], change.introduced, change.noted, after)
        (others if change.introduced else clean).append(move)
    others.sort(key=lambda move: len(move.introduced))
    return (*clean, *others)[:most]


def _candidates(plan: Plan, lycee: str) -> Iterator[tuple[JointMoveKind, _Moves]]:
    origin = plan.zone_of(lycee).id
    mates = [mate for mate in plan.members(origin) if mate != lycee]
    for zone in plan.zones:
        if zone.id == origin:
            continue
        members = plan.members(zone.id)
        if mates:
            yield JointMoveKind.ALONE, {lycee: zone.id}
        if len(mates) > 1:
            yield from ((JointMoveKind.ALONG, {lycee: zone.id, mate: zone.id}) for mate in mates)
        yield from ((JointMoveKind.SWAP, {lycee: zone.id, other: origin}) for other in members)


def _deltas(study: Study, candidates: list[_Moves]) -> list[float]:
    """Return the change of yearly hours of each move; ``inf`` if it is undefined."""
    plan, costs = study.plan, study.ranking.move_deltas.costs
    changed = [_zones(plan, moves) for moves in candidates]
    before = [[plan.members(zone) for zone in zones] for zones in changed]
    after = [list(zones.values()) for zones in changed]
    asked = [members for zones in (*before, *after) for members in zones]
    known = dict(zip(asked, costs.of_all(asked), strict=True))

    def total(zones: list[tuple[str, ...]]) -> float:
        return sum(known[members] for members in zones)

    deltas = [total(then) - total(now) for now, then in zip(before, after, strict=True)]
    return [inf if isnan(delta) else delta for delta in deltas]


def _zones(plan: Plan, moves: _Moves) -> dict[str, tuple[str, ...]]:
    """Return the lycées of each zone (id) that some moves touch, after the moves."""
    touched = dict.fromkeys([*(plan.zone_by_lycee[lycee] for lycee in moves), *moves.values()])
    return {
        zone: tuple(
            sorted(
                [lycee for lycee in plan.members(zone) if moves.get(lycee, zone) == zone]
                + [
                    lycee
                    for lycee, target in moves.items()
                    if target == zone != plan.zone_by_lycee[lycee]
                ]
            )
        )
        for zone in touched
    }


def _moved(plan: Plan, moves: _Moves) -> Plan:
    for lycee, zone in moves.items():
        plan = plan.move(lycee, zone)
    return plan


def _is_locked(study: Study, moves: _Moves) -> bool:
    plan, locks = study.plan, study.locks
    return any(locks.refusal(plan, lycee, zone) is not None for lycee, zone in moves.items())


def _changed_breaches(study: Study, moves: _Moves, after: Plan) -> Difference:
    """Return what moves change in the breaches of their zones and sectors."""
    zones = _zones(study.plan, moves)
    now, then = (check_around(plan, zones, study.context) for plan in (study.plan, after))
    return difference(now, then)
