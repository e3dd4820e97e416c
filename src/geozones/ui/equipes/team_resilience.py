"""Load and reach of the T.I.S. of a sector."""

import htpy
import streamlit as st

from geozones.common.french import minutes, number, plural
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.teams.staff import CentreLoad, Staff, Technicians

#: Words of the source document, shown where the data folder has what it quotes.
_QUOTED = (
    "Le document : « interventions à distance ou sur site, à l'échelle d'un secteur », « de Niveau "
    "2 et 3 », et « un appui auprès des T.I.P ». "
)


def technicians_part(staff: Staff) -> None:
    """Show the T.I.S. of the sector in view, or of each."""
    view = state.of(TeamView)
    settings = staff.study.settings.teams
    html.show(
        html.note(
            f"{_QUOTED if staff.study.atlas.organisation else ''}Hypothèses de l'outil, pour "
            f"compter la route : un départ {terms().support_centre.of_the}, "
            f"{number(settings.tis_visits)} visites par {terms().site} et par mois, de "
            f"{minutes(settings.tis_minutes)} sur place (menu Hypothèses). Ce qui se fait à "
            "distance n'y est pas compté."
        )
    )
    sectors = [view.sector] if view.sector else [sector.id for sector in staff.plan.sectors]
    html.show(html.hidden_title("Par secteur"))
    for sector in sectors:
        if len(sectors) == 1:
            html.show(_card(staff, sector))
        else:
            label = html.unmarked(f"Secteur {staff.plan.sector(sector).name}")
            with st.expander(label):
                html.show(_card(staff, sector))


def _card(staff: Staff, sector: str) -> htpy.Element:
    technicians = staff.technicians(sector)
    entry = staff.plan.sector(sector)
    status = staff.study.decisions.sector(sector)
    tis = terms().sector_technician
    planned = plural(technicians.planned, f"{tis} prévu{tis.e}", f"{tis.plural} prévu{tis.e}s")
    if technicians.best is None:
        return html.note(worded("Ce secteur a moins de deux {sites} : aucun trajet à compter."))
    unpublished = html.caveat(
        worded(
            "{Support_centre} non publié{e_support_centre} : la charge est calculée depuis "
            "{the_site} qui donne le moins de route."
        )
    )
    shown = technicians.centre or technicians.best
    return html.card(
        html.kicker("Secteur ", html.pill(status), f" · {planned} par le calendrier"),
        htpy.h3[entry.name],
        unpublished if technicians.centre is None else None,
        html.facts(_load(staff, shown)),
        html.bullets(_sentences(staff, technicians, shown), "gz-steps"),
    )


def _load(staff: Staff, load: CentreLoad) -> list[tuple[str, str]]:
    near = [f"{number(100 * share)} %" for share in load.near]
    return [
        ("Départ", staff.study.name(load.centre)),
        ("Trajet moyen", minutes(load.mean)),
        (
            worded("{Site} {article_site} plus loin"),
            f"{staff.study.name(load.farthest)}, {minutes(load.worst)}",
        ),
        (worded("{Sites} à moins de 30, 45, 60 min"), ", ".join(near)),
        ("Travail par semaine", f"{number(load.week_minutes / 60, 1)} h"),
        ("… dont sur la route", f"{number(load.drive_minutes / 60, 1)} h"),
        (worded("Charge avec {a_sector_technician}"), _percent(load.loads[0])),
        (worded("Charge avec deux {sector_technicians}"), _percent(load.loads[1])),
    ]


def _percent(load: float) -> str:
    tis = terms().sector_technician
    over = f" : charge trop forte pour un{tis.e} seul{tis.e} {tis}" if load > 1 else ""
    return f"{number(100 * load)} % du temps{over}"


def _sentences(staff: Staff, technicians: Technicians, shown: CentreLoad) -> list[str]:
    name = staff.study.name
    sentences = []
    if technicians.best is not None and technicians.best.centre != shown.centre:
        saved = (shown.drive_minutes - technicians.best.drive_minutes) / 60
        sentences.append(
            f"Le meilleur départ serait {name(technicians.best.centre)} : {number(saved, 1)} h "
            f"de route de moins par semaine, trajet moyen {minutes(technicians.best.mean)}."
        )
    else:
        sentences.append(worded("Aucun{e_site} autre {site} du secteur ne donne moins de route."))
    if technicians.second is not None:
        lycee, after, before = technicians.second
        it = terms().sector_technician.agreeing("il", "elle")
        sentences.append(
            f"U{_second_one()[1:]} partant du même lieu divise la charge par deux ; partant de "
            f"{name(lycee)}, {it} ramène aussi le trajet moyen de {minutes(before)} à "
            f"{minutes(after)}."
        )
    return sentences


def _second_one() -> str:
    tis = terms().sector_technician
    return f"un{tis.e} second{tis.e} {tis}"
