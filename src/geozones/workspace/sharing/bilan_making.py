"""Job that exports the bilan."""

from dataclasses import dataclass

from geozones.export import Dossier
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BilanContent
from geozones.export.text import slug
from geozones.workspace.jobs import FILES, Job, Listener
from geozones.workspace.sharing.making import ExportedFile


@dataclass(frozen=True, slots=True)
class BilanRequest:
    """Export of a bilan; ``end`` is the extension of a format (`geozones.export.bilan.FORMATS`)."""

    dossier: Dossier
    content: BilanContent
    end: str


type BilanJob = Job[BilanRequest, None, ExportedFile]


def bilan_job(asked: BilanRequest) -> BilanJob:
    """Return the job that makes the file of a bilan."""
    return Job(FILES, make_bilan, asked, None)


def make_bilan(_: Listener, asked: BilanRequest) -> ExportedFile:
    """Make the file; raise ``ExportError`` on failure."""
    content = FORMATS[asked.end].make(asked.dossier, asked.content)
    return ExportedFile(f"{slug(asked.content.subject)}.{asked.end}", content)
