"""Sheet of a lycée on the page of its personal link."""

import htpy

from geozones.domain.terms import worded
from geozones.export.site_sheet import SiteSheet
from geozones.ui.widgets import html


def site_sheet_part(sheet: SiteSheet) -> htpy.Renderable:
    """Return what the plan means for a lycée: what gets worse first, then facts and doubts."""
    return htpy.section(".gz-site-sheet", aria_label=f"Fiche : {sheet.name}")[
        html.subtitle(worded("Ce que cela change pour votre {site}")),
        _listed("Ce qui se dégrade", sheet.worse),
        _facts(sheet),
        _listed("Jours de présence", (sheet.presence,) if sheet.presence else ()),
        _listed("En cas d'absence, qui vient", sheet.cover),
        _listed("À confirmer", sheet.doubts),
        sheet.dates
        and htpy.details[htpy.summary["Calendrier"], html.bullets(sheet.dates, "gz-steps")],
    ]


def _listed(title: str, lines: tuple[str, ...]) -> htpy.Renderable | None:
    if not lines:
        return None
    heading = html.subtitle(title, heading=htpy.h3)
    return htpy.fragment[heading, html.bullets(lines, "gz-steps")]


def _facts(sheet: SiteSheet) -> htpy.Element:
    heads = ("", "Après", "Avant") if sheet.is_compared else ("", "Dans ce plan")
    return html.table(f"Faits, {sheet.name}", heads, sheet.rows, hidden_caption=True, stacks=True)
