"""The bilan as a tagged A4 document, PDF/UA-1."""

from geozones.export.bilan.content import (
    BAR_KEY,
    BilanContent,
    BilanPart,
    DrawnFigure,
    interval_svg,
)
from geozones.export.document import (
    Block,
    Document,
    bullets,
    heading,
    paragraph,
    table,
)
from geozones.export.dossier import Dossier

#: Columns of figures; those of what was expected are left out where nothing was.
_FIGURES = (
    ("Ce qui s'est passé", 2.9, False),
    ("Observé", 2.9, True),
    ("", 2.8, False),
    ("Intervalle à 95 %", 1.7, True),
    ("Attendu", 2.2, True),
    ("", 1.8, False),
    ("D'après", 2.5, False),
)
_EXPECTED = slice(4, 6)


def pdf(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the document; raise ``ExportError`` if it cannot be created."""
    document = Document(dossier, content.subject, content.warning)
    for rank, part in enumerate(content.parts):
        level = 1 if part.chapter else 2
        if part.sentences or part.table or part.figures or part.chapter:
            document.add(heading(part.title, level, key=f"part-{rank}"))
        if rank == 0:
            document.add(paragraph(f"{content.subject}. {content.period}.", strong=True))
        document.add(bullets(part.sentences))
        _drawn(document, part)
        if part.table is not None:
            document.add(table(part.table.columns, part.table.rows))
    return document.pdf()


def _drawn(document: Document, part: BilanPart) -> None:
    """Add the figures of a part."""
    if part.figures:
        modelled = any(line.expected for line in part.figures)
        columns, rows = [*_FIGURES], [_row(document, line) for line in part.figures]
        if not modelled:
            del columns[_EXPECTED]
            rows = [[*row[: _EXPECTED.start], *row[_EXPECTED.stop :]] for row in rows]
        document.add([paragraph(BAR_KEY)] if modelled else [], table(columns, rows))


def _row(document: Document, line: DrawnFigure) -> list[str | Block]:
    return [
        line.label,
        line.observed,
        document.drawing(interval_svg(line), line.described),
        line.interval or "—",
        line.expected or "—",
        line.verdict or "—",
        line.counted,
    ]
