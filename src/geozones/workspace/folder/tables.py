"""Columns of an uploaded table of needs, of minutes or of zones, which the user may correct."""

from collections.abc import Mapping

from geozones.intake.columns import TableColumns, TableFields, recognise
from geozones.intake.document_reader import read_document
from geozones.intake.site_tables import ASSIGNMENT_FIELDS, needs_columns
from geozones.intake.travel_tables import DRIVE_FIELDS

__all__ = ["TableColumns", "assignment_columns", "drive_columns", "needs_table_columns"]


def needs_table_columns(content: bytes, corrections: Mapping[str, str]) -> TableColumns:
    """Return the columns of a table of needs or sizes, as `read_needs` takes them."""
    return needs_columns(read_document(content).lines, corrections)


def drive_columns(content: bytes, corrections: Mapping[str, str]) -> TableColumns:
    """Return the columns of a table of driving times, as `read_references` takes them."""
    return _columns(content, DRIVE_FIELDS, corrections)


def assignment_columns(content: bytes, corrections: Mapping[str, str]) -> TableColumns:
    """Return the columns of an assignment of sites to zones, as `Atlas.read_plan` takes them."""
    return _columns(content, ASSIGNMENT_FIELDS, corrections)


def _columns(content: bytes, fields: TableFields, corrections: Mapping[str, str]) -> TableColumns:
    lines = [line for line in read_document(content).lines if not line.is_blank]
    return recognise(lines, fields, corrections)
