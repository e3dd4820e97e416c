"""Scenario: a named history of plans with author, reason, dates and a decision status.

Its history is a tree of events, which loses nothing: undo moves the head to the parent of an event,
and an edit made there starts a new branch beside the old branch. A scenario shows its base plan
with the events from the root to the head applied (see ``domain.events``).
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
    """Progress of a scenario towards a decision."""

    HYPOTHESIS = "hypothèse"
    TO_ARBITRATE = "à arbitrer"
    ARBITRATED = "arbitré"
    KEPT = "retenu"
    DISCARDED = "écarté"

    @property
    def in_words(self) -> str:
        """The status for readers who do not know the steps of a decision."""
        return _IN_WORDS[self]


_IN_WORDS = {
    ScenarioStatus.HYPOTHESIS: "Scénario à l'étude, non décidé",
    ScenarioStatus.TO_ARBITRATE: "Scénario à arbitrer, non décidé",
    ScenarioStatus.ARBITRATED: "Scénario arbitré, ni retenu ni écarté",
    ScenarioStatus.KEPT: "Scénario retenu, pas encore publié",
    ScenarioStatus.DISCARDED: "Scénario écarté",
}


@dataclass(frozen=True)
class Event:
    """Change of a scenario; never altered once written.

    It keeps ``kind`` and ``data`` as they were written, so that a store, a backup or a file is
    copied without a byte changed; what they mean is ``change``, and nothing else reads them.

    Parameters
    ----------
    id
        Unique in its scenario.
    parent
        The event before it; ``None`` for an event on the base plan.
    kind
        Kind of the change, such as ``move``; see ``domain.events``.
    data
        Parameters of the change, as JSON values.
    author, at, why
        Author, time (ISO 8601, UTC), and an optional reason on one line.
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
        """Change made by the event; read once, see ``domain.events``."""
        return read_change(self.kind, self.data)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Content that the event shares with its copies on other branches."""
        data = json.dumps(dict(self.data), sort_keys=True)
        return self.kind, data, self.author, self.at, self.why


@dataclass(frozen=True, slots=True)
class Decision:
    """Dated note of a decision, and the version decided on.

    ``at`` is an ISO date. ``version`` is the version of the scenario and ``frozen`` the token of a
    frozen copy of it; 0 and empty in decisions older than these fields.
    """

    at: Moment
    text: Text
    author: Text = ""
    version: Count = field(default=0, metadata=ADDED_LATER)
    frozen: Text = field(default="", metadata=ADDED_LATER)


@dataclass(frozen=True)
class Scenario:
    """Scenario with its whole history.

    Parameters
    ----------
    id
        Unguessable; an edit link contains it.
    name, description, status, decisions
        Texts, status and decisions given by people.
    base
        The plan it starts from, as the JSON object of a plan file.
    origin
        Origin of the base, in words: the published plan, another scenario.
    events
        Every event, in the order they were written, each after its parent.
    head
        The last event applied; ``None`` for the base.
    version
        Number of its writes; a write names the version that it started from.
    author, created, updated
        Author, and times of creation and last write (ISO 8601, UTC).
    archived
        Whether lists leave it out.
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
    """A read-only copy of a scenario, made at a time; its token is the id of the copy.

    ``figures`` are those of its making (`domain.kept_figures`); empty in copies older than them.
    """

    token: Key
    at: Moment
    scenario: Scenario
    figures: Mapping[str, Any] = field(default_factory=dict, repr=False, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True)
class ScenarioSummary:
    """Line in a list of scenarios; ``moves`` counts the events from the root to the head."""

    id: Key
    name: Text
    status: ScenarioStatus
    author: Text
    created: Moment
    updated: Moment
    moves: Count
    archived: bool
