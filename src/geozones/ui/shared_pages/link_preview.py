"""Link preview of a shared version: name, status and description."""

import logging
from datetime import UTC, datetime

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date
from geozones.ui import store_handle
from geozones.ui.server.page_head import Preview
from geozones.workspace.scenarios.reading import linked

_LOG = logging.getLogger(__name__)
_MOST, _MAX_TOKEN = 300, 64


def shared_preview(token: str) -> Preview | None:
    """Return the preview of a version; ``None`` if the link is dead."""
    try:
        scenario = linked(
            store_handle.store, token[:_MAX_TOKEN], datetime.now(UTC).date().isoformat()
        )
    except GeozonesError as error:
        _LOG.info("no preview: %s", error)
        return None
    text = f"{str(scenario.status).capitalize()}, version du {long_date(scenario.updated)}."
    more = " ".join(scenario.description.split())[:_MOST]
    return Preview(f"{scenario.name} – scénario", f"{text} {more}".strip())
