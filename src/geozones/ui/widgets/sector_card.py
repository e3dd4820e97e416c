"""Facts of a sector beside its figures: author, status, calendar, note."""

import htpy

from geozones.common.french import long_date
from geozones.domain import DecisionStatus, Milestone, Origin, Sector
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.widgets import html
from geozones.workspace.maps.swatches import swatch_of_sector
from geozones.workspace.study import Study

#: Statuses of the sectors as delivered or published: nobody signs what is only proposed.
_SIGNED = (DecisionStatus.PUBLISHED, DecisionStatus.DRAFT)


def own_facts(study: Study, sector: Sector) -> list[tuple[str, str]]:
    """Return the sector's author, as the data folder names it, and its own facts."""
    plan, status = study.atlas.starting_plan, study.decisions.sector(sector.id)
    author = plan.drafted_by if sector.origin is Origin.TOOL else plan.author
    facts = [("Auteur", author)] if author and status in _SIGNED else []
    if sector.technicians is not None:
        facts.append((worded("{Sector_technicians}"), str(sector.technicians)))
    if sector.experimental:
        facts.append(("Expérimental", "oui"))
    return facts


def sector_list(study: Study) -> htpy.Element:
    """Return the list of sectors, each as a link to edit it, with its status."""
    lines = [sector_line(study, sector) for sector in study.plan.sectors]
    return html.card(html.kicker("Modifier un secteur"), htpy.ul(".gz-list")[lines])


def sector_line(study: Study, sector: Sector) -> htpy.Element:
    """Return a sector in a list: its colour, its name as a link, its status."""
    return htpy.li[
        html.swatch(swatch_of_sector(study, sector)),
        htpy.span[
            html.go(f"sector:{sector.id}", sector.name),
            " ",
            html.pill(study.decisions.sector(sector.id)),
            html.mark(study.decisions.sector_marks(sector.id)),
        ],
    ]


def sector_calendar(sector: Sector) -> htpy.Renderable | None:
    """Return the sector's own calendar and its note; ``None`` if it has neither."""
    if not sector.milestones and not sector.note:
        return None
    parts: list[htpy.Node] = []
    if sector.milestones:
        dates = html.bullets([milestone_text(entry) for entry in sector.milestones], "gz-steps")
        parts += [htpy.h4["Calendrier du secteur"], dates]
    if sector.note:
        parts += [htpy.h4["Note"], htpy.p(".gz-typed")[sector.note]]
    return htpy.fragment[parts]


def milestone_text(entry: Milestone) -> str:
    """Return « 1er septembre 2026 : nomination d'un T.I.S. (à confirmer) »."""
    return f"{long_date(entry.date)} : {entry.text}" + (" (à confirmer)" if entry.uncertain else "")


def say_status(sector: str) -> None:
    """Notify the user that a sector (id) was changed, with its new status."""
    study = current_scenario.study()
    name, status = study.plan.sector(sector).name, study.decisions.sector_text(sector)
    state.notify("ok", f"Secteur {name} enregistré dans le scénario : {status}.")
