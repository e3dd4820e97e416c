"""Tagged A4 documents (PDF/UA-1): the view told page by page, and an atlas of the region."""

from geozones.export.document.atlas import atlas
from geozones.export.document.report import report

__all__ = ["atlas", "report"]
