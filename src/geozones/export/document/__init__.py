"""Tagged A4 documents (PDF/UA-1): a report on the view, an atlas, sheets of lycées."""

from geozones.export.document.report import atlas, report, site_sheets

__all__ = ["atlas", "report", "site_sheets"]
