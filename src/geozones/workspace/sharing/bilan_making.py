"""The bilan made in a process of its own, as other files are."""

from geozones.export import Dossier
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BilanContent
from geozones.export.text import slug
from geozones.workspace.apart import Listener
from geozones.workspace.sharing.making import FileMaking, Named


class BilanMaking(FileMaking):
    """A bilan in a format of `geozones.export.bilan.FORMATS`, by the end of its name."""

    def __init__(self, dossier: Dossier, content: BilanContent, end: str) -> None:
        self.content = content
        super().__init__(dossier, end, "", None)

    def work(self) -> Named:
        """Have it made; raises ``ExportError`` where it cannot be."""
        name = f"{slug(self.content.title)}.{self.key}"
        return Named(name, self.apart(_bilan, self.dossier, self.content, self.key))


def _bilan(_: Listener, dossier: Dossier, content: BilanContent, end: str) -> bytes:
    return FORMATS[end].make(dossier, content)
