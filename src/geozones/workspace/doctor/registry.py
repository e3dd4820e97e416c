"""Registry of the checks, in the order of the report."""

from collections.abc import Iterator

from geozones.common.errors import GeozonesError
from geozones.workspace.doctor import data, set_up, storage, stored_data
from geozones.workspace.doctor.record import Check, Finding, wrong

CHECKS = (*data.CHECKS, *storage.CHECKS, *stored_data.CHECKS, *set_up.CHECKS)


def examine() -> Iterator[tuple[Check, Finding]]:
    """Run every check and yield it with its finding; a failed check does not stop the next ones."""
    for check in CHECKS:
        try:
            yield check, check.run()
        except GeozonesError as error:
            yield check, wrong(str(error))
