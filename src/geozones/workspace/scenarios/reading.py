"""Reading of scenarios: lists, opening, frozen versions, the log."""

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
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.use_case_base import Stored, utc_now

#: Former origin text of scenarios based on the data folder's plan, before publications existed.
SHIPPED_BEFORE = "le plan livré"

if TYPE_CHECKING:
    from geozones.store import LogState, Store


@needs_link(Link.VERSION)
def linked(opener: 'Callable[[], "Store"]', token: str, today: str) -> Scenario:
    """Return the version behind a link on a day (ISO).

    Raises
    ------
    DeadLinkError
        If the link shows nothing: unknown, withdrawn, or past its last day.
    DamagedScenarioError, StoreError
        If the version cannot be read.
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
    """Use cases that read stored scenarios.

    Parameters
    ----------
    analysis
        The data folder's territory, and the rules.
    opener
        Opens the store of scenarios; called at each use, raises ``StoreError``.
    actor
        The caller.
    clock
        Returns the time in the caller's time zone, which names new scenarios.
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
            If the caller is not logged in.
        StoreError
            If the store cannot be read.
        """
        return self.store().list(archived=archived)

    @needs(Role.READER)
    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the error of each scenario that `list` leaves out; raises as `list`."""
        return self.store().damaged()

    @needs(Role.READER, Access.READER)
    def left_out(self, scenario: str) -> tuple[LeftOut, ...]:
        """Return notices of the unreadable parts of a scenario (id)."""
        return self.store().left_out(scenario)

    @needs_nothing
    def new(
        self,
        plan: Plan | None = None,
        origin: str = "",
        places: LocationOverrides | None = None,
    ) -> Work:
        """Start a work on a plan, by default the one in force; its first change saves it.

        ``origin`` says in French where the plan comes from; ``places`` are the locations that it
        needs besides the data folder's.
        """
        held = self._analysis.in_force
        if plan is None:
            start = State(held.plan, places=held.places)
            return Work(Timeline(start), origin=origin or held.origin, follows=True)
        start = State(plan, places=places or LocationOverrides())
        return Work(Timeline(start), origin=origin or held.origin)

    @needs(Role.READER, Access.READER)
    def open(self, scenario: str) -> Work:
        """Return a scenario as stored.

        Raises
        ------
        LoginRequiredError
            If the caller is not logged in.
        UnknownScenarioError
            If there is no such scenario.
        AccessError
            If it is not open to the caller.
        PlanFileError, InputError
            If it no longer fits the data: an unknown lycée, an invalid event.
        StoreError
            If the store cannot be read.
        """
        store = self.store()
        return self._work(store.get(scenario), store.access(scenario))

    @needs_link(Link.VERSION)
    def frozen(self, token: str) -> Work:
        """Return the version behind a read-only link, for anyone who has the link.

        Raises as `open`, but requires no login; ``DeadLinkError`` if the link shows nothing.
        """
        return self._work(linked(self.store, token, self.today))

    @needs(Role.READER, Access.READER)
    def links(self, scenario: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, the latest first; raises as `list`."""
        return self.store().links(scenario)

    @needs(Role.READER, Access.READER)
    def members(self, scenario: str) -> dict[str, Access]:
        """Return the permissions of each member of a scenario; raises as `open`."""
        return self.store().members(scenario)

    @needs(Role.READER, Access.READER)
    def access(self, scenario: str) -> Access:
        """Return the caller's permission on a scenario; raises as `open`."""
        return self.store().access(scenario)

    @needs(Role.ADMINISTRATOR)
    def actions(self, scenario: str | None = None, limit: int | None = None) -> tuple[Action, ...]:
        """Return the log, oldest first: of one scenario, or its last entries, or all of it.

        Raises
        ------
        NotAllowedError
            If the caller is not an administrator.
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
        """Return a stored scenario as a work; ``held`` is its history in the session."""
        base = self._atlas.plan_of_json(scenario.base)
        start = State(base.plan, places=base.places)
        timeline = Timeline(start, scenario.events, scenario.head, scenario.head)
        timeline = timeline if held is None else timeline.knowing(held)
        # raise now for an invalid event, not in the middle of a page
        _ = timeline.state
        shipped = scenario.origin == SHIPPED_BEFORE
        origin = self._atlas.in_force.origin if shipped else scenario.origin
        return Work(timeline, scenario, origin, read_only=access is Access.READER)
