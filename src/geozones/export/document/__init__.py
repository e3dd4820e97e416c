"""Tagged documents (PDF/UA-1): a report on the view, sheets of lycées."""

from geozones.export.document.report import report, site_sheets

__all__ = ["report", "site_sheets"]
