"""Columns of a table that the user brings, which the page lets them correct."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import capital
from geozones.ui import state
from geozones.ui.server import uploads
from geozones.ui.server.uploads import Upload
from geozones.workspace.folder.tables import TableColumns

_NONE = ""


def column_fields(
    key: str,
    columns: TableColumns,
    choose: Callable[[str, str], None],
    unsure: Collection[str] = (),
) -> None:
    """Draw a field for the column of each field of a table.

    ``choose`` is called with a field and its new column, by its rank from 1; empty for none.
    """
    titles = enumerate(columns.titles, start=1)
    names = {_NONE: "— (absente)"} | {str(rank): f"{rank}. {title}" for rank, title in titles}
    width = min(4, len(columns.labels))
    for place, (name, label) in enumerate(columns.labels.items()):
        if place % width == 0:  # row by row, so that a narrow screen keeps the order
            boxes = st.columns(width, gap="small")
        chosen = str(columns.ranks[name] + 1) if name in columns.ranks else _NONE
        bound = state.BoundValue(f"{key}.{name}", chosen, partial(choose, name))
        bound.draw(
            boxes[place % width].selectbox,
            f"{capital(label)} (à vérifier)" if name in unsure else capital(label),
            list(names),
            format_func=names.__getitem__,
        )


@dataclass(frozen=True, slots=True)
class CorrectedTable:
    """Uploaded table, its columns, and those that the user chose."""

    upload: Upload
    columns: TableColumns
    corrections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableView:
    """Tables of the session whose columns may be corrected, by the uploader that took them."""

    tables: Mapping[str, CorrectedTable] = field(default_factory=dict)


#: Function from the content of a table and the columns that the user chose to its columns.
type ReadColumns = Callable[[bytes, Mapping[str, str]], TableColumns]
#: Function that reads an uploaded table with the columns that the user chose.
type ReadTable = Callable[[Upload, Mapping[str, str]], None]


def take_table(name: str, read_columns: ReadColumns, read: ReadTable) -> None:
    """Take the file of an uploader, have `corrected_columns` offer its columns, and read it.

    No column is offered if the file is no table.
    """
    upload = uploads.take(name)
    if upload is None:
        return
    tables = {key: table for key, table in state.of(TableView).tables.items() if key != name}
    try:
        columns = uploads.read_in_process(read_columns, upload.content, {})
    except GeozonesError:  # told by the reader of the table itself
        columns = None
    if columns is not None:
        tables[name] = CorrectedTable(upload, columns)
    state.update(TableView, tables=tables)
    read(upload, {})


def corrected_columns(name: str, read_columns: ReadColumns, read: ReadTable) -> None:
    """Draw the columns of the table offered under a name, and a button that reads it with them."""
    table = state.of(TableView).tables.get(name)
    if table is None:
        return

    def choose(field_name: str, rank: str) -> None:
        corrections = {**table.corrections, field_name: rank}
        columns = uploads.read_in_process(read_columns, table.upload.content, corrections)
        changed = CorrectedTable(table.upload, columns, corrections)
        tables = state.of(TableView).tables
        state.update(TableView, tables={**tables, name: changed})

    with st.container(key=f"gz-colonnes-{name.replace('.', '-')}"):
        st.caption(f"Colonnes de « {table.upload.name} », à corriger s'il le faut")
        column_fields(f"{name}.colonne", table.columns, state.reporting_errors()(choose))
        st.button(
            "Lire avec ces colonnes",
            icon=":material/table_view:",
            key=f"{name}.relire",
            on_click=read,
            args=(table.upload, table.corrections),
            disabled=not table.corrections,
        )
