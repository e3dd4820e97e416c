"""The bilan as pages of blocks."""

from collections.abc import Iterator

from geozones.common.french import inside
from geozones.export.bilan.content import (
    BAR_KEY,
    BilanContent,
    BilanPart,
    BilanTable,
    DrawnFigure,
)
from geozones.export.blocks import (
    Bar,
    Bars,
    Block,
    Line,
    Page,
    ReportPages,
    Row,
    Swatch,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.dossier import Dossier


def bilan_report(dossier: Dossier, content: BilanContent) -> ReportPages:
    """Return the bilan; its first page has the most telling finding for its title."""
    pages = tuple(_pages(dossier, content))
    return ReportPages(content.subject, pages, warning=content.warning)


def _pages(dossier: Dossier, content: BilanContent) -> Iterator[Page]:
    chapter = content.parts[0]
    for rank, part in enumerate(content.parts):
        chapter = part if part.chapter else chapter
        about: tuple[Block, ...] = ()
        if rank == 0:
            told = (content.subject, content.period, dossier.version.dated_name)
            about = (Text((Line(". ".join(told)),)),)
        blocks = (*about, *_blocks(part))
        if blocks or part.chapter:
            title = part.title if part.chapter else f"{chapter.area} : {inside(part.title)}"
            name = "Bilan" if not part.tab else f"{part.tab} {chapter.area}"
            said = (f"{figure.described}." for figure in part.figures)
            notes = spoken((f"{title}.", *part.sentences, *said))
            yield Page(title, blocks, notes, key=name, flows=not part.chapter)


def _blocks(part: BilanPart) -> Iterator[Block]:
    if part.sentences:
        yield lines(part.sentences)
    if part.figures:
        yield Bars(tuple(map(_bar, part.figures)), BAR_KEY)
    if part.table is not None and part.table.rows:
        yield _table(part.table)


def _bar(figure: DrawnFigure) -> Bar:
    drawn = figure.bar
    return Bar(
        figure.label,
        figure.observed,
        figure.interval,
        figure.expected,
        figure.verdict,
        figure.counted,
        figure.described,
        drawn.value,
        drawn.low,
        drawn.high,
        drawn.expected,
        figure.outside,
    )


def _table(shown: BilanTable) -> Table:
    columns = tuple(
        TableColumn(head, share, numeric=numeric) for head, share, numeric in shown.columns
    )
    return Table(columns, tuple(map(_row, shown.rows)))


def _row(cells: tuple[str, ...]) -> Row:
    """Return a row; its first cell is a swatch if it is a colour."""
    if cells[0].startswith("#"):
        return Row(("", *cells[1:]), swatch=Swatch(cells[0]))
    return Row(cells)
