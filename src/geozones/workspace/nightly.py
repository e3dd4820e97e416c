"""Nightly maintenance: forget old months of the journal, purge erased content, note a seal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geozones.workspace.experiment.field_journal import Journals
from geozones.workspace.roles import Actor, Role, needs

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class Night:
    """Result of a nightly run.

    Parameters
    ----------
    forgotten
        The month of the journal that was deleted (``2026-03``); ``None`` for none.
    purged
        Whether no trace of erased content remains in the database files.
    fault
        How the log of actions contradicts the last noted seal, or why its seal could not be noted;
        empty if there is no fault.
    """

    forgotten: str | None
    purged: bool
    fault: str


@needs(Role.ADMINISTRATOR)
def run_nightly(opener: "Callable[[], Store]", actor: Actor, today: date) -> Night:
    """Forget the oldest month of the journal if it is too old, purge, note the log's last seal.

    Raises
    ------
    NotAllowedError
        If the caller is not an administrator.
    StoreError
        If the store does not answer.
    """
    forgotten = Journals(opener, actor, today).forget()
    store = opener()
    return Night(forgotten, store.erasure.purge(), store.log.note_seal())
