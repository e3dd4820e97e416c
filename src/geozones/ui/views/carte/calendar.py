"""The calendar of the deployment: which step is shown, what it brings, who is in post."""

import htpy
import streamlit as st

from geozones.common.french import plural
from geozones.ui import state
from geozones.ui.components import html
from geozones.ui.state.views import MapView, Mode
from geozones.ui.views.carte.shown import Screen
from geozones.workspace.calendar import deployed_sectors, phrases, staffing
from geozones.workspace.study import Study


def deployed(screen: Screen) -> frozenset[str] | None:
    """Return the sectors at work at the step shown; ``None`` where all are drawn alike."""
    if screen.mode is not Mode.LOOK:
        return None
    return deployed_sectors(screen.study.plan, screen.study.atlas.calendar, _rank(screen.study))


def calendar_slider(study: Study) -> None:
    """Let the user go through the calendar; the sectors not yet deployed fade."""
    labels = _labels(study)
    state.bound(MapView, "step", default=labels[_rank(study)]).draw(
        st.select_slider, "Calendrier de déploiement", labels
    )


def calendar_card(study: Study) -> htpy.Element:
    """Return what the step shown brings, and who is in post then."""
    rank = _rank(study)
    step = study.atlas.calendar[rank]
    blocks = []
    for experimental, title in ((True, "Secteurs expérimentaux"), (False, "Autres secteurs")):
        said = phrases(step, experimental=experimental) or ("Rien de nouveau à cette date.",)
        blocks.append((htpy.h4[title], html.bullets(said, "gz-steps")))
    return html.card(
        html.kicker("Calendrier de déploiement"),
        htpy.h3[step.label],
        blocks,
        htpy.h4["Qui est en poste à cette date"],
        html.bullets(_staffing(study, rank), "gz-steps"),
    )


def _labels(study: Study) -> list[str]:
    return [step.label for step in study.atlas.calendar]


def _rank(study: Study) -> int:
    """Return which step is shown: the last, until another is chosen."""
    labels, chosen = _labels(study), state.of(MapView).step
    return labels.index(chosen) if chosen in labels else len(labels) - 1


def _staffing(study: Study, rank: int) -> list[str]:
    """Say, sector by sector, who is in post at a date: ATI or T.I.P., and how many T.I.S."""
    plan = study.plan
    said = []
    for sector, staff in staffing(plan, study.atlas.calendar, rank).items():
        zones = plan.zones_of(sector)
        posts = sum(len(study.teams.of_zone(zone.id)) for zone in zones)
        kind = "T.I.P." if staff.proximity else "ATI"
        count = f"{plural(posts, 'poste')} de {kind}" if posts else f"{kind} (nombre non renseigné)"
        technicians = plural(staff.technicians, "T.I.S.", "T.I.S.")
        started = "" if staff.at_work else ", organisation pas encore en œuvre"
        said.append(f"{plan.sector(sector).name} : {count}, {technicians}{started}")
    return said
