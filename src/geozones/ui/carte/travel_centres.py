"""Support centres: distance of each from its sector, and the best places for it."""

from geozones.ui import state
from geozones.ui.carte import travel_tables
from geozones.ui.state.carte_views import TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.reachability.accessibility import centre_reach
from geozones.workspace.study import Study


def support_centres(study: Study, sector: str | None) -> None:
    """Show the centre of each sector, then all candidates of one sector, by default ``sector``."""
    plan, note = study.plan, study.analysis.peak_note
    ranked = {entry.id: centre_reach(study, entry.id) for entry in plan.sectors}
    html.show(travel_tables.centre_table(study, ranked, note))
    names = {entry.id: entry.name for entry in plan.sectors if ranked[entry.id]}
    asked = state.of(TravelView).centre or sector
    detailed = asked if asked in names else next(iter(names), None)
    if detailed is None:
        return
    bound = state.bound(TravelView, "centre", default=detailed)
    chooser("Secteur à détailler", names, bound)
    html.show(travel_tables.centre_ranking(study, detailed, ranked[detailed], note))
