"""A session's trial: plans in a row, and a cursor. Undo is an index in a list."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geozones.domain.errors import InputError
from geozones.domain.plan import Plan

#: Steps kept in a session; the oldest are folded into the first when there are more.
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Move:
    """One lycée moved from a zone to another (ids)."""

    lycee: str
    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class History:
    """An immutable trial: ``plans[0]`` is where it starts, ``moves[i]`` leads to ``plans[i+1]``."""

    plans: tuple[Plan, ...]
    moves: tuple[Move, ...] = ()
    cursor: int = 0

    @classmethod
    def start(cls, plan: Plan) -> "History":
        """Begin a trial at a plan."""
        return cls((plan,))

    @property
    def plan(self) -> Plan:
        """The plan at the cursor."""
        return self.plans[self.cursor]

    @property
    def done(self) -> tuple[Move, ...]:
        """The moves that led to the plan at the cursor, oldest first."""
        return self.moves[: self.cursor]

    @property
    def can_undo(self) -> bool:
        """Whether a move can be taken back."""
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether a move taken back can be made again."""
        return self.cursor < len(self.moves)

    def move(self, lycee: str, zone: str) -> "History":
        """Add a move after the cursor (what had been undone is dropped).

        A move to the zone where the lycée already is changes nothing.
        """
        before = self.plan
        after = before.move(lycee, zone)
        if after is before:
            return self
        step = Move(lycee, before.zone_of(lycee).id, zone)
        plans = (*self.plans[: self.cursor + 1], after)[-LIMIT - 1 :]
        moves = (*self.done, step)[-LIMIT:]
        return History(plans, moves, len(moves))

    def undo(self) -> "History":
        """Step back; at the start, stay."""
        return self.at(max(self.cursor - 1, 0))

    def redo(self) -> "History":
        """Step forward; at the end, stay."""
        return self.at(min(self.cursor + 1, len(self.moves)))

    def at(self, cursor: int) -> "History":
        """Jump to a point of the trial.

        Raises
        ------
        InputError
            If the trial has no such point.
        """
        if not 0 <= cursor <= len(self.moves):
            msg = f"L'essai n'a pas d'étape {cursor}."
            raise InputError(msg)
        return replace(self, cursor=cursor)

    def replay(self, moves: Iterable[tuple[str, str]]) -> "History":
        """Apply ``(lycée, zone)`` moves one after the other."""
        history = self
        for lycee, zone in moves:
            history = history.move(lycee, zone)
        return history
