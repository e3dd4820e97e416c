"""The bilan of an experiment as a file: the same parts in PDF, in a deck, in a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geozones.export.bilan.content import BilanContent
from geozones.export.bilan.deck import pptx
from geozones.export.bilan.pdf import pdf
from geozones.export.bilan.workbook import xlsx
from geozones.export.dossier import Dossier

__all__ = ["FORMATS", "BilanFormat"]


@dataclass(frozen=True, slots=True)
class BilanFormat:
    """A form of the bilan: label, media type, and what makes it."""

    label: str
    media: str
    make: Callable[[Dossier, BilanContent], bytes]


#: By the end of the file's name.
FORMATS: Mapping[str, BilanFormat] = {
    "pdf": BilanFormat("Document PDF", "application/pdf", pdf),
    "pptx": BilanFormat(
        "Présentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        pptx,
    ),
    "xlsx": BilanFormat(
        "Classeur", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx
    ),
}
