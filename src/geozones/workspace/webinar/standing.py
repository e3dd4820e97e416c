"""Notices on the screens of a running webinar whose scenario was deleted, archived or closed."""

from geozones.domain import UnknownScenarioError
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

_GOES_ON = "la présentation continue avec ce qui était chargé."
DELETED = f"Ce scénario vient d'être supprimé : {_GOES_ON}"
ARCHIVED = f"Ce scénario vient d'être archivé : {_GOES_ON}"
LINK_CLOSED = f"Le lien vers ce scénario vient d'être fermé : {_GOES_ON}"


@needs(Role.READER)
def standing_of(scenarios: Scenarios, work: Work) -> str:
    """Return a notice if the scenario of a work was deleted or archived; else empty.

    Raises
    ------
    LoginRequiredError
        If the caller is not logged in.
    StoreError
        If the store cannot be read.
    """
    held = work.scenario
    if held is None:
        return ""
    try:
        kept = scenarios.store().scenarios.get(held.id)
    except UnknownScenarioError:
        return DELETED
    return ARCHIVED if kept.archived and not held.archived else ""
