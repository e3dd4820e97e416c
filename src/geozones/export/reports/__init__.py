"""Reports: functions of a dossier that return pages of blocks, in the order every format has."""

from geozones.export.blocks import ReportPages
from geozones.export.change_scenes import tells_change
from geozones.export.dossier import Dossier
from geozones.export.reports.change import change_pages
from geozones.export.reports.plan import plan_pages


def report_of(dossier: Dossier) -> ReportPages:
    """Return the report of a view: what a plan changes there, else the plan itself."""
    pages = change_pages(dossier) if tells_change(dossier) else plan_pages(dossier)
    return ReportPages(dossier.title, tuple(pages))
