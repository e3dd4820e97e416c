"""Version that a shared link shows: read once per session, the link checked each time."""

from datetime import UTC, datetime

from geozones.ui import state, store_handle
from geozones.ui.opened_data import current_analysis
from geozones.ui.state import address
from geozones.ui.state.shared_views import Shared
from geozones.workspace.roles import VISITOR
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.reading import linked
from geozones.workspace.scenarios.service import Scenarios


def require_open(token: str) -> None:
    """Refuse a link that shows nothing; raise ``DeadLinkError``, ``StoreError``."""
    linked(store_handle.store, token, datetime.now(UTC).date().isoformat())


def shared_version(token: str) -> Work:
    """Return the version of a link; raise as `require_open`."""
    require_open(token)
    held = state.of(Shared)
    if held.token != token or held.work is None:
        work = Scenarios(current_analysis(), store_handle.store, VISITOR, address.now).frozen(token)
        held = state.update(Shared, token=token, work=work)
    assert held.work is not None  # noqa: S101 - just read
    return held.work
