"""A scenario: a named history of plans with author, reason, dates and a decision status.

Its history is a tree of events, never a list that forgets: undo moves the head to the parent of an
event, and an edit made there starts a branch beside the one that was left. What a scenario shows is
its base plan with the events from the root to the head applied (see ``domain.events``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from geozones.common.bounds import ADDED_LATER, Count, Key, Moment, Text
from geozones.domain.events import EventChange, read_change


class ScenarioStatus(StrEnum):
    """How far a decision is."""

    HYPOTHESIS = "hypothèse"
    TO_ARBITRATE = "à arbitrer"
    ARBITRATED = "arbitré"
    KEPT = "retenu"
    DISCARDED = "écarté"


@dataclass(frozen=True)
class Event:
    """One change of a scenario; never altered once written.

    It keeps ``kind`` and ``data`` as they were written, so that a store, a backup or a file is
    copied without a byte changed; what they mean is ``change``, and nothing else reads them.

    Parameters
    ----------
    id
        Unique in its scenario.
    parent
        The event it was made after; ``None`` for one made on the base plan.
    kind
        What it does, such as ``move``; see ``domain.events``.
    data
        What it needs, as JSON values.
    author, at, why
        Who, when (ISO 8601, UTC), and an optional reason on one line.
    """

    id: Key
    parent: Key | None
    kind: Text
    data: Mapping[str, Any]
    author: Text
    at: Moment
    why: Text = ""

    @cached_property
    def change(self) -> EventChange:
        """What it does and how it is described; read once, see ``domain.events``."""
        return read_change(self.kind, self.data)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """What it and its copies, on other branches, have in common."""
        data = json.dumps(dict(self.data), sort_keys=True)
        return self.kind, data, self.author, self.at, self.why


@dataclass(frozen=True, slots=True)
class Decision:
    """A dated note of what was decided, and on which version.

    ``at`` is an ISO date. ``version`` is that of the scenario and ``frozen`` the token of a
    read-only copy of it; 0 and empty in decisions of before versions were noted.
    """

    at: Moment
    text: Text
    author: Text = ""
    version: Count = field(default=0, metadata=ADDED_LATER)
    frozen: Text = field(default="", metadata=ADDED_LATER)


@dataclass(frozen=True)
class Scenario:
    """A scenario, whole.

    Parameters
    ----------
    id
        Unguessable; it is what an edit link holds.
    name, description, status, decisions
        What people say of it.
    base
        The plan it starts from, as the JSON object of a plan file.
    origin
        Where the base comes from, in words: the published plan, another scenario.
    events
        Every event, in the order they were written, each after its parent.
    head
        The last event applied; ``None`` for the base.
    version
        Counts its writes; a write says which version it was made on.
    author, created, updated
        Who created it, and when (ISO 8601, UTC).
    archived
        Whether it is out of the lists.
    """

    id: Key
    name: Text
    base: Mapping[str, Any]
    origin: Text
    author: Text
    created: Moment
    updated: Moment
    description: Text = ""
    status: ScenarioStatus = ScenarioStatus.HYPOTHESIS
    decisions: tuple[Decision, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)
    head: Key | None = None
    version: Count = 0
    archived: bool = False


@dataclass(frozen=True)
class FrozenCopy:
    """A read-only copy of a scenario, made at a time; its token is the id of the copy."""

    token: Key
    at: Moment
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class ScenarioSummary:
    """A line in a list of scenarios; ``moves`` counts the events from the root to the head."""

    id: Key
    name: Text
    status: ScenarioStatus
    author: Text
    created: Moment
    updated: Moment
    moves: Count
    archived: bool
