"""Grids of posts that no longer fit the plan, each with a repair; nothing is dropped unasked."""

import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import Misfit, repaired, slot_name
from geozones.ui import current_scenario
from geozones.ui.widgets import html
from geozones.workspace.teams.staff import Staff


def repairs(staff: Staff) -> None:
    """Show each grid that needs a repair, with the button that makes it."""
    for misfit in staff.misfits:
        label = staff.label(misfit.post)
        with st.container(border=True):
            html.show(html.warning(_description(staff, misfit, label)))
            zones = {zone.id for zone in staff.plan.zones}
            gone = misfit.post.zone not in zones
            st.button(
                "Retirer ce poste" if gone else "Libérer ces demi-journées",
                key=f"equipes.reparer.{misfit.post.id}",
                icon=":material/healing:",
                on_click=_drop if gone else _free,
                args=(staff, misfit),
            )


def _description(staff: Staff, misfit: Misfit, label: str) -> str:
    if not misfit.lycees:
        return f"{label} : sa zone n'existe plus dans ce plan. Sa grille est gardée telle quelle."
    names = listing([staff.study.name(lycee) for lycee in misfit.lycees])
    when = listing([slot_name(slot) for slot in misfit.slots])
    slots = plural(len(misfit.slots), "demi-journée")
    has = "n'est plus" if len(misfit.lycees) == 1 else "ne sont plus"
    where = f" La grille y garde {slots} ({when})." if misfit.slots else " Il y a sa résidence."
    return f"{label} : {names} {has} dans sa zone.{where} Rien n'a été supprimé."


def _free(staff: Staff, misfit: Misfit) -> None:
    zone = misfit.post.zone
    posts = [
        repaired(misfit) if post.id == misfit.post.id else post
        for post in staff.people.of_zone(zone)
    ]
    data: dict[str, object] = {"zones": [zone], "posts": [post_to_json(post) for post in posts]}
    done = "Ces demi-journées sont libérées ; proposez à nouveau la grille."
    current_scenario.record("set_posts", data, "grille réparée", done=done)


def _drop(misfit: Misfit) -> None:
    data: dict[str, object] = {"posts": [misfit.post.id]}
    current_scenario.record("drop_posts", data, done="Le poste est retiré ; « Annuler » le remet.")
