"""The bilan as a tagged A4 document, PDF/UA-1."""

from geozones.export.bilan.content import BilanContent
from geozones.export.document.blocks import Document, bullets, heading, paragraph, table
from geozones.export.dossier import Dossier


def pdf(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the document; raise ``ExportError`` if it cannot be created."""
    document = Document(dossier, content.title, content.warning)
    document.add(heading(content.title), paragraph(content.period, strong=True))
    for rank, part in enumerate(content.parts):
        if part.chapter and rank == 0:  # the title of the document already names it
            continue
        level = 1 if part.chapter else 2
        document.add(heading(part.title, level, key=f"part-{rank}", new_page=part.chapter))
        document.add(bullets(part.sentences))
        if part.table is not None:
            document.add(table(part.table.columns, part.table.rows))
    return document.pdf()
