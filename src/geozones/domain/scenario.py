"""Scenario: a named history of plans with author and dates, and the plan it is counted from.

The history of a scenario is a tree of events, which loses nothing: undo moves the head to the
parent of an event, and an edit made there starts a new branch beside the old branch. A scenario
shows its base plan with the events from the root to the head applied (see ``domain.events``).

The baseline is the plan in force, or the starting plan as long as none is in force; of a scenario,
the one that it was begun on or last taken over. This module alone names it and says its standing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from geozones.common.bounds import ADDED_LATER, Count, Key, Moment, Text
from geozones.common.french import in_words, inside, long_date, of
from geozones.domain.events import EventChange, read_change
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.publications import SHIPPED_ID, STARTING_NAME, KeptFigures
from geozones.domain.terms import terms


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
    """

    id: Key  # Unique in its scenario.
    parent: Key | None  # The event before it; ``None`` for an event on the base plan.
    kind: Text  # Kind of the change, such as ``move``; see ``domain.events``.
    data: Mapping[str, Any]  # Parameters of the change, as JSON values.
    author: Text  # Author, time (ISO 8601, UTC), and an optional reason on one line.
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
    """Scenario with its whole history."""

    id: Key  # Unguessable; an edit link contains it.
    name: Text  # Texts, status and decisions given by people.
    base: Mapping[str, Any]  # The plan it starts from, as the JSON object of a plan file.
    origin: Text  # Origin of the base, in words: the published plan, another scenario.
    author: Text  # Author, and times of creation and last write (ISO 8601, UTC).
    created: Moment
    updated: Moment
    description: Text = ""
    status: ScenarioStatus = ScenarioStatus.HYPOTHESIS
    decisions: tuple[Decision, ...] = ()
    #: Every event, in the order they were written, each after its parent.
    events: tuple[Event, ...] = field(default=(), repr=False)
    head: Key | None = None  # The last event applied; ``None`` for the base.
    version: Count = 0  # Number of its writes; a write names the version that it started from.
    archived: bool = False  # Whether lists leave it out.


@dataclass(frozen=True)
class FrozenCopy:
    """A read-only copy of a scenario, made at a time; its token is the id of the copy.

    ``figures`` are those of its making (`domain.publications`); empty in copies older than them.
    """

    token: Key
    at: Moment
    scenario: Scenario
    figures: Mapping[str, Any] = field(default_factory=dict, repr=False, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True)
class StatusSince:
    """Status of a scenario today, for readers of a frozen copy of it."""

    status: ScenarioStatus | None  # Its status; ``None`` if it was deleted.
    at: str = ""  # ISO date of its last decision; empty for none.
    decided: str = ""  # Token of the copy decided on last; empty for none.
    is_of_other: bool = False  # Whether that copy has another plan than the copy that is read.


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


@dataclass(frozen=True)
class Baseline:
    """Plan in force or starting plan, and its publication."""

    plan: Plan  # The plan.
    #: Lycées that the data folder lacks and positions corrected by hand, which the plan needs.
    places: LocationOverrides = field(default_factory=LocationOverrides)
    publication: str = SHIPPED_ID  # The publication (id) of the plan.
    #: The day from which it is in force (ISO); empty for a starting plan, which is not.
    since: str = ""
    #: Who approved it, and the reference of the decision, in French; each may be empty.
    approved_by: str = ""
    reference: str = ""
    statement: str = ""  # Content of a starting plan, in French; empty for a plan in force.
    #: Why another plan may be in force, in French: some publications could not be read.
    problem: str = ""
    #: Figures kept with its publication; ``None`` for a plan that the data folder gives.
    figures: KeptFigures | None = None
    number: str = ""  # `` (n° 2)`` where another publication has the same day; empty elsewhere.
    #: When its publication was written and withdrawn (ISO 8601, UTC); empty if it was not.
    written: Moment = ""
    withdrawn: Moment = ""
    #: The other plans that were the baseline before, the latest first.
    earlier: "tuple[Baseline, ...]" = ()
    #: The baseline of today where this one is an earlier one, a scenario's; else ``None``.
    now: "Baseline | None" = None

    @property
    def current(self) -> "Baseline":
        """The baseline of today."""
        return self.now or self

    def of(self, plan: Plan, places: LocationOverrides, begun: Moment) -> "Baseline":
        """Return the baseline of a scenario that starts from a plan; ``begun`` is when it did.

        A plan that was never the baseline, as that of a file, is compared with the one of that
        time; empty for today's.
        """
        today = self.current
        known = (today, *today.earlier)
        same = [each for each in known if (each.plan, each.places) == (plan, places)]
        same += [each for each in known if each.plan.zone_by_lycee == plan.zone_by_lycee]
        found = same[0] if same else _baseline_at(known, begun)
        return found if found is today else replace(found, problem=today.problem, now=today)

    @property
    def is_in_force(self) -> bool:
        """Whether the plan is in force: published, or dated by the data folder."""
        return bool(self.since)

    @property
    def name(self) -> str:
        """Its name: « Plan en vigueur » or « Plan de départ »."""
        return "Plan en vigueur" if self.is_in_force else STARTING_NAME

    @property
    def noun(self) -> str:
        """Its name inside a sentence, after « le », « du » or « au »."""
        return inside(self.name)

    @property
    def dated(self) -> str:
        """Its noun with its day: « plan en vigueur du 1er décembre 2026 », « plan de départ »."""
        return dated_noun(self.name, self.since, self.number)

    @property
    def title(self) -> str:
        """The title of its publication: « publication du 1er décembre 2026 »; else its noun."""
        return title_of(self.since) + self.number if self.is_in_force else self.noun

    @property
    def terms(self) -> str:
        """Who approved it, and the decision: ``approuvé par Grace Hopper, référence n° 12``."""
        return plan_terms(self.approved_by, self.reference)

    @property
    def status(self) -> str:
        """Since when it is in force and its terms; the content of a starting plan."""
        if not self.is_in_force:
            return self.statement
        begun = f"depuis le {long_date(self.since)}"
        if self.now is not None:
            begun = "retiré depuis" if self.withdrawn else "remplacé depuis"
        return ", ".join(filter(None, (begun, self.terms)))

    @property
    def origin(self) -> str:
        """Origin written in a scenario that starts from this plan, in French."""
        return f"la {title_of(self.since)}" if self.is_in_force else f"le {self.noun}"


def _baseline_at(known: Sequence[Baseline], moment: str) -> Baseline:
    """Return the baseline at a moment (ISO 8601, UTC), the first of several; empty: today's."""
    if not moment:
        return known[0]
    held = [
        each
        for each in known
        if each.written <= moment
        and each.since <= moment[:10]
        and not (each.withdrawn and each.withdrawn <= moment)
    ]
    return max(held, key=lambda each: each.since, default=known[0])


def dated_noun(name: str, since: str, number: str = "") -> str:
    """Return a plan in a sentence, with the day (ISO) of its publication; empty for none."""
    return f"{inside(name)} du {long_date(since)}{number}" if since else inside(name)


def plan_terms(approved_by: str, reference: str) -> str:
    """Return who approved a plan, and the decision, in French; "" for none."""
    phrases = [f"approuvé par {approved_by}"] if approved_by else []
    phrases += [f"référence {reference}"] if reference else []
    return ", ".join(phrases)


def title_of(since: str) -> str:
    """Return the title of a publication, by effective day: « publication du 11 juin 2025 »."""
    return f"publication du {long_date(since)}"


@dataclass(frozen=True)
class StartingPlan:
    """Plan that the data folder delivers: sectors that a document presented, and drafts.

    Nobody approved it and it is not in force, unless the folder gives the day (``since``).
    """

    plan: Plan  # The plan.
    #: Author, ISO date and occasion (« au webinaire ») of the document that presented its sectors;
    #: each is empty if unknown.
    author: str = ""
    date: str = ""
    occasion: str = ""
    #: Author of its drafts, such as « l'outil », and their ISO date where newer drafts replaced
    #: them; each is empty if unknown.
    drafted_by: str = ""
    drafted_on: str = ""
    #: The day from which it is in force (ISO), who approved it, the reference of the decision.
    since: str = ""
    approved_by: str = ""
    reference: str = ""

    @property
    def statement(self) -> str:
        """Content of the plan, in French; empty if the folder does not describe it.

        For example « secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des
        brouillons de l'outil ».
        """
        drawn = all(sector.is_draft for sector in self.plan.sectors)
        when = presented("", self.occasion, self.date)
        phrases = (f"secteurs présentés {when}" if when and not drawn else "", self._drafts)
        return " ; ".join(phrase for phrase in phrases if phrase)

    @property
    def _drafts(self) -> str:
        count = sum(sector.is_draft for sector in self.plan.sectors)
        if not count:
            return ""
        whose = f" {of(self.drafted_by)}" if self.drafted_by else ""
        when = f" du {long_date(self.drafted_on)}, refaits depuis" if self.drafted_on else ""
        if count == 1:
            return f"un secteur est un brouillon{whose}{when}"
        return f"{in_words(count)} secteurs sont des brouillons{whose}{when}"

    @property
    def named_rns(self) -> int | None:
        """How many RNS the document names; ``None`` if the folder says nothing of a document."""
        known = self.author or self.occasion or self.date
        return sum(sector.rns is not None for sector in self.plan.sectors) if known else None

    def baseline(self, day: str | None = None) -> Baseline:
        """Return the plan as the baseline, on a day (ISO) if its decision may be still to come."""
        if not self.since or (day is not None and day < self.since):
            return Baseline(self.plan, statement=self.statement)
        return Baseline(
            self.plan, since=self.since, approved_by=self.approved_by, reference=self.reference
        )


def presented(author: str, occasion: str, date: str) -> str:
    """Return who presented a document, and when, in French; each part may be empty.

    For example « par la Région Pays de la Loire au webinaire du 11 juin 2025 ».
    """
    day = long_date(date) if date else ""
    when = f"{occasion} du {day}" if occasion and day else occasion or (day and f"le {day}")
    noun = terms().organisation
    if author.startswith(f"{noun} "):
        author = f"{noun.the}{author.removeprefix(noun.singular)}"
    return " ".join(filter(None, (author and f"par {author}", when)))
