"""Needs from a file."""

from typing import TYPE_CHECKING

from geozones.workspace.territory import Territory

if TYPE_CHECKING:
    from geozones.intake.needs_file import NeedsFile


def read_needs(territory: Territory, content: bytes) -> "NeedsFile":
    """Read a column of needs, from CSV or a spreadsheet; raises ``InputError``."""
    from geozones.intake.needs_file import read_needs_file  # noqa: PLC0415 - as in `stores`

    return read_needs_file(content, territory.lycees)
