"""Tagged A4 documents (PDF/UA-1): a report on the view, and an atlas of the region."""

from geozones.export.document.atlas import atlas
from geozones.export.document.report import report

__all__ = ["atlas", "report"]
