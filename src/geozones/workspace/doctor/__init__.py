"""Health check of an installation: one finding for each part that the app depends on."""

from collections.abc import Iterator

from geozones.common.errors import GeozonesError
from geozones.workspace.doctor import folder, set_up, storage
from geozones.workspace.doctor.storage import Check, Finding, FindingState, wrong

__all__ = ["CHECKS", "Finding", "FindingState", "examine"]

#: Every check, in the order of the report.
CHECKS = (*folder.CHECKS, *storage.CHECKS, *storage.LOG_CHECKS, *set_up.CHECKS)


def examine() -> Iterator[tuple[Check, Finding]]:
    """Run every check and yield it with its finding; a failed check does not stop the next ones."""
    for check in CHECKS:
        try:
            yield check, check.run()
        except GeozonesError as error:
            yield check, wrong(str(error))
