"""Background export of the bilan, in a separate process like other files."""

from geozones.export import Dossier
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BilanContent
from geozones.export.text import slug
from geozones.workspace.jobs import Listener
from geozones.workspace.sharing.making import ExportedFile, FileMaking


class BilanMaking(FileMaking):
    """Export of a bilan in a format of `geozones.export.bilan.FORMATS`, by its extension."""

    def __init__(self, dossier: Dossier, content: BilanContent, end: str) -> None:
        self.content = content
        super().__init__(dossier, end, "", None)

    def work(self) -> ExportedFile:
        """Make the file; raise ``ExportError`` on failure."""
        name = f"{slug(self.content.title)}.{self.key}"
        return ExportedFile(name, self.apart(_bilan, self.dossier, self.content, self.key))


def _bilan(_: Listener, dossier: Dossier, content: BilanContent, end: str) -> bytes:
    return FORMATS[end].make(dossier, content)
