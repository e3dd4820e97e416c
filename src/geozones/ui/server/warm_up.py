"""Figures that the first move asks for, computed when the server starts.

They take a second of the process. Without this, all who move a lycée in the first seconds wait.
"""

import logging
from threading import Thread

from geozones.common.errors import GeozonesError
from geozones.ui import opened_data
from geozones.workspace.plan_judgement import judgements_of

_LOG = logging.getLogger(__name__)


def start(first: Thread) -> Thread:
    """Compute them in a thread once another one, ``first``, has ended; return that thread."""
    thread = Thread(target=_compute, args=(first,), name="warm up", daemon=True)
    thread.start()
    return thread


def _compute(first: Thread) -> None:
    first.join()
    try:
        study = opened_data.study_in_force(opened_data.plan_fingerprint())
        judgements_of(study, study)
    except GeozonesError as error:  # each page says so
        _LOG.info("no figures computed at the start: %s", error)
