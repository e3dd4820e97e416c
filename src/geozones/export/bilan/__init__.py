"""Exports of the bilan of an experiment: the same parts in PDF, in a deck, in a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geozones.export.bilan.content import BilanContent, with_feedback
from geozones.export.bilan.deck import pptx
from geozones.export.bilan.pdf import pdf
from geozones.export.bilan.workbook import xlsx
from geozones.export.dossier import Dossier
from geozones.export.messages import FEEDBACK_TITLE

__all__ = ["FORMATS", "BilanFormat"]


@dataclass(frozen=True, slots=True)
class BilanFormat:
    """Format of the bilan: label, media type, and function that makes it."""

    label: str
    media: str
    draw: Callable[[Dossier, BilanContent], bytes]

    def make(self, dossier: Dossier, content: BilanContent) -> bytes:
        """Return the file, including people's comments and opinions on the plan, if any.

        Raises
        ------
        ExportError
            If the file cannot be created.
        """
        return self.draw(dossier, with_feedback(content, FEEDBACK_TITLE, dossier.feedback))


#: By file extension.
FORMATS: Mapping[str, BilanFormat] = {
    "pdf": BilanFormat("Document PDF", "application/pdf", pdf),
    "pptx": BilanFormat(
        "Diaporama PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        pptx,
    ),
    "xlsx": BilanFormat(
        "Classeur Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx
    ),
}
