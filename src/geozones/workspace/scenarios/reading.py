"""Stored scenarios as works: a scenario's history over its base plan, the version of a link."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geozones.domain import Plan, Scenario, UnknownScenarioError
from geozones.domain.access import Access
from geozones.domain.baseline import title_of
from geozones.domain.events import State
from geozones.domain.links import DeadLinkError
from geozones.domain.timeline import Timeline
from geozones.workspace.atlas import Atlas
from geozones.workspace.roles import Link, needs_link
from geozones.workspace.scenarios.open_scenario import Work

#: Former origin text of scenarios based on the starting plan, before publications existed.
_DELIVERED = "le plan livré"

if TYPE_CHECKING:
    from geozones.store import Store


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
        link = store.versions.link(token)
        if link is not None and not link.is_open(today):
            raise DeadLinkError(link)
        return store.versions.get(token)
    except UnknownScenarioError as error:
        raise DeadLinkError from error


def work_of(
    atlas: Atlas,
    scenario: Scenario,
    access: Access = Access.OWNER,
    held: Timeline | None = None,
) -> Work:
    """Return a stored scenario as a work; ``held`` is its history in the session.

    Raises
    ------
    PlanFileError, InputError
        If it no longer fits the data: an unknown lycée, an invalid event.
    """
    base = atlas.plan_of_json(scenario.base)
    start = State(base.plan, places=base.places)
    timeline = Timeline(start, scenario.events, scenario.head, scenario.head)
    timeline = timeline if held is None else timeline.with_states_of(held)
    # raise now for an invalid event, not in the middle of a page
    _ = timeline.state
    origin = _origin(atlas, scenario, base.plan)
    return Work(timeline, scenario, origin, read_only=access is Access.READER)


def _origin(atlas: Atlas, scenario: Scenario, base: Plan) -> str:
    """Return the origin of a scenario; older versions wrote the starting plan as a publication."""
    starting = atlas.starting_plan
    dated = f"la {title_of(starting.date)}" if starting.date else _DELIVERED
    renamed = scenario.origin == _DELIVERED or (scenario.origin == dated and base == starting.plan)
    return atlas.baseline.origin if renamed else scenario.origin
