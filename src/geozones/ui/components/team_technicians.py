"""The T.I.S. of a sector: load, reach, best centre, what a second one changes."""

from html import escape

import streamlit as st

from geozones.domain.french import minutes, number, plural
from geozones.ui import state
from geozones.ui.components import html
from geozones.workspace import CentreLoad, Staff, Standing, Technicians


def technicians_part(staff: Staff) -> None:
    """Show the T.I.S. of the sector in view, or of each."""
    view = state.team_view()
    settings = staff.workspace.settings.teams
    st.html(
        '<p class="gz-hint">Le T.I.S. part du centre support et va dans tout le secteur. '
        f"Hypothèse : {number(settings.tis_visits)} visites par lycée et par mois, de "
        f"{minutes(settings.tis_minutes)} sur place (menu Hypothèses).</p>"
    )
    sectors = [view.sector] if view.sector else [sector.id for sector in staff.plan.sectors]
    for sector in sectors:
        if len(sectors) == 1:
            st.html(_card(staff, sector))
        else:
            with st.expander(f"Secteur {staff.plan.sector(sector).name}", icon=":material/hub:"):
                st.html(_card(staff, sector))


def _card(staff: Staff, sector: str) -> str:
    found = staff.technicians(sector)
    entry = staff.plan.sector(sector)
    planned = plural(found.planned, "T.I.S. prévu", "T.I.S. prévus")
    if found.best is None:
        return html.note("Ce secteur a moins de deux lycées : aucun trajet à compter.")
    blocks = [
        f'<p class="gz-kicker">Secteur {html.pill(entry)} · {planned} par le calendrier</p>',
        f"<h3>{escape(entry.name)}</h3>",
    ]
    if found.centre is None:
        blocks.append(
            '<p class="gz-note">Centre support non publié : la charge est calculée depuis le lycée '
            "d'où l'on roulerait le moins.</p>"
        )
    shown = found.centre or found.best
    blocks.append(html.facts(_load(staff, shown)))
    blocks.append(html.bullets(_said(staff, found, shown), "gz-steps"))
    return f'<article class="gz-card">{"".join(blocks)}</article>'


def _load(staff: Staff, load: CentreLoad) -> list[tuple[str, str]]:
    near = [f"{number(100 * share)} %" for share in load.near]
    note = staff.workspace.peak_note
    return [
        ("Départ", staff.workspace.name(load.centre)),
        (f"Trajet moyen{note}", minutes(load.mean)),
        (
            f"Lycée le plus loin{note}",
            f"{staff.workspace.name(load.farthest)}, {minutes(load.worst)}",
        ),
        ("Lycées à moins de 30, 45, 60 min", ", ".join(near)),
        ("Travail par semaine", f"{number(load.week_minutes / 60, 1)} h"),
        ("… dont sur la route", f"{number(load.drive_minutes / 60, 1)} h"),
        ("Charge avec un T.I.S.", _percent(load.loads[0])),
        ("Charge avec deux T.I.S.", _percent(load.loads[1])),
    ]


def _percent(load: float) -> str:
    over = " : il ne peut pas tout faire" if load > 1 else ""
    return f"{number(100 * load)} % du temps{over}"


def _said(staff: Staff, found: Technicians, shown: CentreLoad) -> list[str]:
    name = staff.workspace.name
    said = []
    if found.best is not None and found.best.centre != shown.centre:
        saved = (shown.drive_minutes - found.best.drive_minutes) / 60
        said.append(
            f"Le meilleur départ serait {name(found.best.centre)} : {number(saved, 1)} h de route "
            f"de moins par semaine, trajet moyen {minutes(found.best.mean)}."
        )
    else:
        said.append("Aucun autre lycée du secteur ne ferait rouler moins.")
    if found.second is not None:
        lycee, after, before = found.second
        said.append(
            f"Un second T.I.S. partant du même centre divise la charge par deux ; partant de "
            f"{name(lycee)}, il ramène aussi le trajet moyen de {minutes(before)} à "
            f"{minutes(after)}."
        )
    said.append(_second(found.with_one, found.with_two, published=found.centre is not None))
    return said


def _second(one: Standing, two: Standing, *, published: bool) -> str:
    if one.pairs is None or two.pairs is None:
        return "Ce que le second change aux absences : non renseigné, aucun poste n'est défini."
    if not published:
        return "Ce que le second change aux absences : non renseigné, centre support non publié."
    return (
        "Deux absences en même temps dans le secteur : "
        f"{number(one.pairs.uncovered)} demi-journées sans personne avec un T.I.S., "
        f"{number(two.pairs.uncovered)} avec deux (sur {number(one.pairs.missed)})."
    )
