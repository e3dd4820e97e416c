"""Link preview of a shared version: name, status, message of the change, and its map."""

import logging

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date
from geozones.domain.links import DeadLinkError
from geozones.ui.server.page_head import Preview
from geozones.ui.shared_pages.link_pictures import PATH, PICTURES, read_version
from geozones.workspace.sharing.outcome import outcome_of, status_in_words

_LOG = logging.getLogger(__name__)
_MOST, _MAX_TOKEN = 300, 64
_ALT = "Carte de ce qui change, avant et après"


def shared_preview(token: str) -> Preview | None:
    """Return the preview of a version; of a dead link, its title alone.

    ``None`` if the data or the store cannot be read.
    Until its picture is drawn, it has the plain one, and what people wrote of the scenario.
    """
    token = token[:_MAX_TOKEN]
    try:
        _, ledger, work = read_version(token)
        message = PICTURES.message(token)
    except DeadLinkError as error:
        PICTURES.forget(token)
        return Preview(error.title)
    except GeozonesError as error:
        _LOG.info("no preview: %s", error)
        return None
    status = status_in_words(work, outcome_of(ledger, work))
    title = f"{work.name} – scénario"
    if message is not None:
        return Preview(title, f"{status}. {message}", f"{PATH}/{token}.png", _ALT)
    more = " ".join(work.saved.description.split())[:_MOST]
    text = f"{status}, version du {long_date(work.saved.updated)}. {more}"
    return Preview(title, text.strip())
