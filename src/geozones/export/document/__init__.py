"""Tagged A4 documents (PDF/UA-1): a report on the view, an atlas, sheets of lycées."""

from geozones.export.document.atlas import atlas
from geozones.export.document.report import report
from geozones.export.document.site_sheets import site_sheets

__all__ = ["atlas", "report", "site_sheets"]
