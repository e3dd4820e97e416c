"""Overview of several territories: one table and one map, in each format."""

import base64
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape

import xlsxwriter
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from geozones.common.french import minutes, plural
from geozones.domain.terms import TODAY, NetworkTerms
from geozones.export import pictures
from geozones.export.attributes import rows_bytes
from geozones.export.file_parts import document, typeset
from geozones.export.workbook_cells import (
    column_width,
    heads_height,
    make_styles,
    write_number,
    write_text,
)
from geozones.metrics import (
    BREACHES,
    ESTIMATED_SHARE,
    SECTORS,
    VIGILANCE,
    WHOLE_POSTS,
    Metric,
    metric,
)
from geozones.render.figure.overview_map import OverviewArea, OverviewKey, draw_overview
from geozones.render.sheet import Sheet

#: Figures of a territory, in the order of the table.
FIGURES: tuple[Metric, ...] = (
    metric("lycees"),
    SECTORS,
    metric("zones"),
    WHOLE_POSTS,
    metric("road_hours"),
    metric("rupture_hours"),
    metric("unattended_hours"),
    metric("within_share"),
    ESTIMATED_SHARE,
    BREACHES,
    VIGILANCE,
)
#: Those that do not add up: the share of a whole is not the sum of its parts' shares.
_SHARES = frozenset({"within_share", ESTIMATED_SHARE.key})
TITLE = "Vue d'ensemble"
#: Type of the map of a page, which a phone shows too.
_HTML_ZOOM = 1.5
_TOTAL = "Total"
_STYLE = """
body { margin: 0 auto; max-width: 84rem; padding: 1rem 1.2rem; background: #fff; color: #1f2a33;
  font: 15px/1.45 "Source Sans 3", "Segoe UI", Roboto, Arial, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; } h1 + p { margin: .1rem 0 0; color: #52606a; }
h2 { margin: 1.4rem 0 .4rem; font-size: 1.15rem; }
img { display: block; width: 100%; height: auto; margin: .8rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .55rem; border-bottom: 1px solid #d9d5cd; text-align: right; }
th:first-child, td:first-child { text-align: left; } thead th { vertical-align: bottom; }
tfoot th, tfoot td { border-top: 2px solid #1f2a33; font-weight: 600; }
.problem { text-align: left; color: #8a1c1c; }
"""


@dataclass(frozen=True)
class OverviewRow:
    """Territory of an overview."""

    folder: str  # Its data folder, and its name.
    name: str
    terms: NetworkTerms = TODAY  # Its nouns.
    #: Why it cannot be opened, in French; empty if it can. The rest is then empty.
    problem: str = ""
    plan: str = ""  # The plan of the figures: « Plan en vigueur, depuis le 11 juin 2025 ».
    limit: float = 0.0  # Longest drive that is within the limit, in minutes.
    #: The figures by key; ``None`` for one that does not apply, ``inf`` where a way is missing.
    figures: Mapping[str, float | None] = field(default_factory=dict)
    outline: BaseGeometry | None = None  # Its land, WGS84.
    credits: tuple[str, ...] = ()  # Dates and sources of its figures, in sentences.
    notes: tuple[str, ...] = ()  # What its figures leave out, in sentences.

    @property
    def sites(self) -> str:
        """Number of sites, with their own noun: ``119 lycées``."""
        return self.terms.site.counted(int(self.figures["lycees"] or 0))


@dataclass(frozen=True)
class Overview:
    """Several territories; ``figure`` is on the map, ``terms`` are the nouns that fit them all."""

    rows: tuple[OverviewRow, ...]
    figure: Metric
    terms: NetworkTerms

    @cached_property
    def opened(self) -> tuple[OverviewRow, ...]:
        """The territories that could be opened."""
        return tuple(row for row in self.rows if not row.problem)

    @property
    def total_name(self) -> str:
        """« Total », of how many territories if some could not be opened."""
        if len(self.opened) == len(self.rows):
            return _TOTAL
        return f"{_TOTAL} ({len(self.opened)} sur {len(self.rows)})"

    def total(self, record: Metric) -> float | None:
        """Return the sum of a figure; ``None`` for a share, or if a territory lacks the figure."""
        values = [row.figures[record.key] for row in self.opened]
        known = [value for value in values if value is not None]
        if record.key in _SHARES or len(known) < len(values) or not values:
            return None
        return sum(known)

    @property
    def limits(self) -> str:
        """Sentence on the limit of drives, of each territory where they differ; "" for none."""
        limits = {row.limit for row in self.opened}
        if not limits:
            return ""
        if len(limits) == 1:
            return f"Limite des trajets : {minutes(limits.pop())}."
        each = ", ".join(f"{row.name} {minutes(row.limit)}" for row in self.opened)
        return f"Limite des trajets : {each}."


def csv_table(overview: Overview) -> bytes:
    """Return the table as CSV: a line for each territory, and the total."""
    rows = [
        {
            "territoire": row.name,
            **{record.file_title: row.figures.get(record.key) for record in FIGURES},
            "Limite des trajets (min)": row.limit or None,
            "Plan": row.plan,
            "Sources": " ".join(row.credits),
            "Remarques": " ".join((row.problem, *row.notes)).strip(),
            "Dossier": row.folder,
        }
        for row in overview.rows
    ]
    total = {record.file_title: overview.total(record) for record in FIGURES}
    rows.append(dict.fromkeys(rows[0]) | {"territoire": overview.total_name} | total)
    return rows_bytes([_finite(row) for row in rows])


def _finite(row: Mapping[str, object]) -> dict[str, object]:
    """Return the cells of a row; one without access is empty, as in every data file."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def workbook(overview: Overview) -> bytes:
    """Return the table as XLSX, with the sources of each territory on a sheet of their own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": TITLE, "author": "geozones"})
    styles = make_styles(book, [record.format for record in FIGURES])
    sheet = book.add_worksheet("Territoires")
    heads = [("Territoire", 28), *((record.file_title, 13) for record in FIGURES)]
    heads += [("Limite des trajets (min)", 11), ("Remarques", 60)]
    for column, (head, wide) in enumerate(heads):
        sheet.set_column(column, column, column_width(head, wide))
        sheet.write_string(0, column, typeset(head), styles.head)
    sheet.set_row(0, heads_height(heads))
    for rank, row in enumerate(overview.rows, 1):
        write_text(sheet, rank, 0, row.name, styles)
        for column, record in enumerate(FIGURES, 1):
            value = row.figures.get(record.key)
            write_number(sheet, (rank, column), value, (record.format, False), styles)
        limit = (metric("max_minutes").format, False)
        write_number(sheet, (rank, len(FIGURES) + 1), row.limit or None, limit, styles)
        remarks = " ".join((row.problem, *row.notes)).strip()
        write_text(sheet, rank, len(FIGURES) + 2, typeset(remarks), styles)
    last = len(overview.rows) + 1
    write_text(sheet, last, 0, overview.total_name, styles)
    for column, record in enumerate(FIGURES, 1):
        total = overview.total(record)
        write_number(sheet, (last, column), total, (record.format, False), styles)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sources = book.add_worksheet("Sources")
    sources.set_column(0, 0, 28)
    sources.set_column(1, 2, 60)
    for column, head in enumerate(("Territoire", "Plan", "Sources")):
        sources.write_string(0, column, head, styles.head)
    for rank, row in enumerate(overview.opened, 1):
        texts = (row.name, row.plan, " ".join(row.credits))
        for column, text in enumerate(texts):
            write_text(sources, rank, column, typeset(text), styles)
    book.close()
    return stream.getvalue()


def _sheet(overview: Overview, size: str) -> Sheet:
    record, total = overview.figure, overview.total(overview.figure)
    parts = [plural(len(overview.opened), "territoire"), record.label]
    parts += [] if total is None else [f"total {record.write(total)}"]
    return Sheet.named(
        size,
        title=TITLE,
        subtitle=" · ".join(parts),
        sources=("Plans, dates et sources de chaque territoire : à côté de la carte",),
    )


def _drawn(overview: Overview, sheet: Sheet) -> Figure:
    record = overview.figure
    areas, keys = [], []
    for number, row in enumerate(overview.rows, 1):
        if row.outline is None:
            keys.append(OverviewKey(number, row.name, (typeset(row.problem),)))
            continue
        lines = (row.sites, record.write(row.figures[record.key]))
        keys.append(OverviewKey(number, row.name, (" · ".join(lines), _sources(row))))
        areas.append(OverviewArea(number, row.outline, row.name, lines))
    return draw_overview(areas, keys, sheet)


def _sources(row: OverviewRow) -> str:
    return typeset(" ".join((f"{row.plan}.", *row.credits)))


def png(overview: Overview, size: str) -> bytes:
    """Return the map as a picture."""
    sheet = _sheet(overview, size)
    return pictures.png(_drawn(overview, sheet), sheet)


def pdf(overview: Overview, size: str) -> bytes:
    """Return the map as vectors, on a page."""
    sheet = _sheet(overview, size)
    return pictures.pdf(_drawn(overview, sheet), sheet)


def svg(overview: Overview, size: str) -> bytes:
    """Return the map as vectors, for a drawing program."""
    sheet = _sheet(overview, size)
    return pictures.svg(_drawn(overview, sheet), sheet)


def html(overview: Overview, size: str) -> bytes:
    """Return one page with the map, the table and the sources of each territory."""
    sheet = replace(_sheet(overview, size), bare=True, zoom=_HTML_ZOOM)
    drawn = base64.b64encode(pictures.svg(_drawn(overview, sheet), sheet)).decode()
    heads = "".join(f'<th scope="col">{escape(typeset(record.narrow))}</th>' for record in FIGURES)
    rows = "".join(_html_row(number, row) for number, row in enumerate(overview.rows, 1))
    cells = "".join(_cell(record, overview.total(record)) for record in FIGURES)
    sources = "".join(
        f"<h2>{escape(row.name)}</h2><p>{escape(_sources(row))}</p>" for row in overview.opened
    )
    body = (
        f"<main><h1>{TITLE}</h1><p>{escape(sheet.subtitle)}</p>"
        f'<img src="data:image/svg+xml;base64,{drawn}" alt="{escape(_alt(overview))}">'
        f'<div class="wide"><table><thead><tr><th scope="col">Territoire</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody><tfoot><tr><th scope='row'>{overview.total_name}</th>{cells}</tr>"
        f"</tfoot></table></div><p>{escape(typeset(overview.limits))}</p>{sources}</main>"
    )
    return document(TITLE, _STYLE, body, "")


def _html_row(number: int, row: OverviewRow) -> str:
    head = f'<th scope="row">{number}. {escape(row.name)}</th>'
    if row.problem:
        problem = escape(typeset(row.problem))
        return f'<tr>{head}<td class="problem" colspan="{len(FIGURES)}">{problem}</td></tr>'
    return f"<tr>{head}{''.join(_cell(each, row.figures[each.key]) for each in FIGURES)}</tr>"


def _cell(record: Metric, value: float | None) -> str:
    return f"<td>{escape(record.write(value))}</td>"


def _alt(overview: Overview) -> str:
    record = overview.figure
    each = (
        f"{row.name} : {row.sites}, {record.write(row.figures[record.key])}"
        for row in overview.opened
    )
    return typeset(f"Carte des territoires, {record.label}. {' ; '.join(each)}.")


#: Makers of files, by format: those of pictures take the name of a sheet's size.
FORMATS: Mapping[str, Callable[[Overview, str], bytes]] = {
    "csv": lambda overview, _: csv_table(overview),
    "xlsx": lambda overview, _: workbook(overview),
    "html": html,
    "svg": svg,
    "png": png,
    "pdf": pdf,
}
