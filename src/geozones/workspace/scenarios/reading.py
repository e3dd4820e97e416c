"""Scenarios read: listed, opened, frozen ones included."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from geozones.domain import (
    DamagedScenarioError,
    Plan,
    Scenario,
    ScenarioSummary,
    UnknownScenarioError,
)
from geozones.domain.access import Access
from geozones.domain.actions import Action
from geozones.domain.events import State
from geozones.domain.left_out import LeftOut
from geozones.domain.links import DeadLinkError, SharedLink
from geozones.domain.places import LocationOverrides
from geozones.domain.timeline import Timeline
from geozones.workspace.analysis import Analysis
from geozones.workspace.roles import Actor, Link, Role, needs, needs_link, needs_nothing
from geozones.workspace.scenarios.work import Work
from geozones.workspace.stored import Stored, utc_now

#: How the origin of a scenario named the plan of the data folder before there were publications.
SHIPPED_BEFORE = "le plan livré"

if TYPE_CHECKING:
    from geozones.store import LogState, Store


@needs_link(Link.VERSION)
def linked(opener: 'Callable[[], "Store"]', token: str, today: str) -> Scenario:
    """Return the version that a link shows on a day (ISO).

    Raises
    ------
    DeadLinkError
        If it shows none: nobody made it, it was withdrawn, its last day is past.
    DamagedScenarioError, StoreError
        If it cannot be read.
    """
    store = opener()
    try:
        link = store.link(token)
        if link is not None and not link.is_open(today):
            raise DeadLinkError(link)
        return store.frozen(token)
    except UnknownScenarioError as error:
        raise DeadLinkError from error


class ScenarioReader(Stored):
    """What a user may read of the scenarios that are kept.

    Parameters
    ----------
    analysis
        The data folder's territory, and the rules.
    opener
        Gives the store where scenarios are kept; called at each use, raises ``StoreError``.
    actor
        Who asks.
    clock
        The time, in the time zone of whoever asks: a new scenario is called by it.
    """

    def __init__(
        self,
        analysis: Analysis,
        opener: Callable[[], "Store"],
        actor: Actor,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(opener, actor, clock)
        self._analysis = analysis.home
        self._atlas = analysis.territory.atlas

    @needs(Role.READER)
    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """Return the scenarios, the last changed first.

        Raises
        ------
        LoginRequiredError
            If the user is not logged in.
        StoreError
            If the store cannot be read.
        """
        return self.store().list(archived=archived)

    @needs(Role.READER)
    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return what is wrong with each scenario that `list` leaves out; raises as `list`."""
        return self.store().damaged()

    @needs(Role.READER, Access.READER)
    def left_out(self, scenario: str) -> tuple[LeftOut, ...]:
        """Return notices of what a scenario (id) has and that cannot be read any more."""
        return self.store().left_out(scenario)

    @needs_nothing
    def new(
        self,
        plan: Plan | None = None,
        origin: str = "",
        places: LocationOverrides | None = None,
    ) -> Work:
        """Begin on a plan, by default the one in force; nothing is saved before the first change.

        ``origin`` says in French where the plan comes from; ``places`` are the locations that it
        needs beside the data folder's.
        """
        held = self._analysis.in_force
        if plan is None:
            start = State(held.plan, places=held.places)
            return Work(Timeline(start), origin=origin or held.origin, follows=True)
        start = State(plan, places=places or LocationOverrides())
        return Work(Timeline(start), origin=origin or held.origin)

    @needs(Role.READER, Access.READER)
    def open(self, scenario: str) -> Work:
        """Return a scenario as the store holds it.

        Raises
        ------
        LoginRequiredError
            If the user is not logged in.
        UnknownScenarioError
            If there is none.
        AccessError
            If it is not open to the user.
        PlanFileError, InputError
            If it no longer fits the data: a lycée it has not, an event that makes no sense.
        StoreError
            If the store cannot be read.
        """
        store = self.store()
        return self._work(store.get(scenario), store.access(scenario))

    @needs_link(Link.VERSION)
    def frozen(self, token: str) -> Work:
        """Return the version that a read-only link shows, to anyone who has the link.

        Raises as `open`, but asks for no login; ``DeadLinkError`` where the link shows nothing.
        """
        return self._work(linked(self.store, token, self.today))

    @needs(Role.READER, Access.READER)
    def links(self, scenario: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, the last first; raises as `list`."""
        return self.store().links(scenario)

    @needs(Role.READER, Access.READER)
    def members(self, scenario: str) -> dict[str, Access]:
        """Return who may do what with a scenario; raises as `open`."""
        return self.store().members(scenario)

    @needs(Role.READER, Access.READER)
    def access(self, scenario: str) -> Access:
        """Return what the user may do with a scenario; raises as `open`."""
        return self.store().access(scenario)

    @needs(Role.ADMINISTRATOR)
    def actions(self, scenario: str | None = None, limit: int | None = None) -> tuple[Action, ...]:
        """Return the log, oldest first: of one scenario, or its last entries, or all of it.

        Raises
        ------
        NotAllowedError
            If the user is no administrator.
        StoreError
            If the store cannot be read.
        """
        return self.store().actions(scenario, limit=limit)

    @needs(Role.ADMINISTRATOR)
    def log_state(self) -> "LogState":
        """Check the whole log; raises as `actions`."""
        return self.store().log_state()

    def _work(
        self,
        scenario: Scenario,
        access: Access = Access.OWNER,
        held: Timeline | None = None,
    ) -> Work:
        """Return a stored scenario as a work; ``held`` is its history as a session has it."""
        base = self._atlas.plan_of_json(scenario.base)
        start = State(base.plan, places=base.places)
        timeline = Timeline(start, scenario.events, scenario.head, scenario.head)
        timeline = timeline if held is None else timeline.knowing(held)
        # an event that makes no sense is told now, not in the middle of a page
        _ = timeline.state
        shipped = scenario.origin == SHIPPED_BEFORE
        origin = self._atlas.in_force.origin if shipped else scenario.origin
        return Work(timeline, scenario, origin, read_only=access is Access.READER)
