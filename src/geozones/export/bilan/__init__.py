"""Exports of the bilan of an experiment: the same report in PDF, in a deck, in a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from pkgutil import resolve_name

from geozones.export.bilan.content import BilanContent
from geozones.export.bilan.report import bilan_report
from geozones.export.dossier import Dossier

__all__ = ["FORMATS", "BilanFormat"]


@dataclass(frozen=True, slots=True)
class BilanFormat:
    """Format of the bilan: label, media type, and what writes its report.

    ``writer`` names a module and its function, ``module:function``, imported at first use: the page
    shows the bilan without the libraries of its files.
    """

    label: str
    media: str
    writer: str

    def make(self, dossier: Dossier, content: BilanContent) -> bytes:
        """Return the file."""
        write = resolve_name(f"geozones.export.{self.writer}")
        made: bytes = write(dossier, bilan_report(dossier, content))
        return made


#: By file extension.
FORMATS: Mapping[str, BilanFormat] = {
    "pdf": BilanFormat("Document PDF", "application/pdf", "pdf:pdf"),
    "pptx": BilanFormat(
        "Diaporama PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "deck:deck_of",
    ),
    "xlsx": BilanFormat(
        "Classeur Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx:report_book",
    ),
}
