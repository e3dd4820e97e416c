"""Checks of the stored data: the log of actions, the journal of the experiment."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geozones.common.french import short_month
from geozones.workspace.doctor.record import Check, Finding, doubtful, fine, wrong
from geozones.workspace.doctor.storage import store_state
from geozones.workspace.experiment.reading import first_month_kept

if TYPE_CHECKING:
    from geozones.store import LogState


def _log() -> Finding:
    log = store_state().log
    if log is None:
        return fine("rien à vérifier : la base n'a pas encore les tables de cette version.")
    if log.faults:
        return wrong(" ".join(log.faults))
    if log.key:
        return doubtful(f"{log.chain.text} {log.key}")
    if log.chain.foreign:
        return doubtful(log.chain.text)
    return fine(f"{log.chain.text}{_last(log)}")


def _last(log: "LogState") -> str:
    """Return a sentence with the last seal: the service's log then has it after each check."""
    return f" Dernier sceau : {log.last.position} {log.last.seal}." if log.last else ""


def _journal() -> Finding:
    oldest = store_state().oldest_month
    if oldest is not None and oldest < first_month_kept(datetime.now(UTC).date()):
        return doubtful(
            f"des mois trop anciens sont gardés, depuis {short_month(oldest + '-01')}. Lancez "
            "« geozones nightly » chaque nuit : un mois est effacé par nuit."
        )
    return fine("aucun mois trop ancien n'est gardé.")


CHECKS = (
    Check("log", "Journal des actions", _log),
    Check("journal", "Journal de l'expérimentation", _journal),
)
