"""What is done each night: old months of the journal forgotten, erased content removed, a seal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geozones.workspace.experiment.journal import Journals
from geozones.workspace.roles import Actor, Role, needs

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, slots=True)
class Night:
    """What a run did.

    Parameters
    ----------
    forgotten
        The month of the journal that was deleted (``2026-03``); ``None`` for none.
    purged
        Whether the files of the database hold nothing any more of what was erased.
    fault
        How the log of actions contradicts the seal noted last, or what kept its seal from being
        noted; empty for nothing.
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
        If who asks is no administrator.
    StoreError
        If the store does not answer.
    """
    forgotten = Journals(opener, actor, today).forget()
    store = opener()
    return Night(forgotten, store.purge(), store.note_seal())
