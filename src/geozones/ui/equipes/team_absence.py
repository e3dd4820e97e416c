"""Absences: who comes for each half-day of a post, and what the absence of each post leaves."""

import htpy
import streamlit as st

from geozones.common.french import listing, long_date, minutes, number, plural
from geozones.domain.settings import documented
from geozones.domain.teams import NOBODY, slot_name
from geozones.domain.terms import has_organisation, terms, worded
from geozones.ui import state
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.teams.staff import (
    RELIEF_HEADS,
    Relief,
    Schedule,
    Staff,
    absence_sheet,
)


def absence_part(staff: Staff) -> None:
    """Show the absence of a post that the user picks, then what that of each post leaves."""
    zones = state.of(TeamView).zones(staff.plan)
    posts = {p.id: staff.label(p) for zone in zones for p in staff.people.of_zone(zone)}
    if not posts:
        html.show(
            html.note(
                "Aucun poste n'est défini ici : passez d'abord par « Semaine » et "
                "demandez une proposition."
            )
        )
        return
    _one_absence(staff, posts)
    html.show(_every_absence(staff, posts))


@html.showing_errors()
def _one_absence(staff: Staff, posts: dict[str, str]) -> None:
    view = state.of(TeamView)
    wanted = view.post if view.post in posts else next(iter(posts))
    post_side, dates_side, sheet_side = st.columns([1.4, 1, 1], vertical_alignment="bottom")
    with post_side:
        chooser(
            "Poste absent",
            posts,
            state.BoundValue(
                "TeamView.absent", wanted, lambda post: state.update(TeamView, post=post)
            ),
        )
    first, last = view.absence
    with dates_side, st.container(horizontal=True):
        state.bound(TeamView, "first", default=first).draw(st.date_input, "Du", format="DD/MM/YYYY")
        state.bound(TeamView, "last", default=last).draw(st.date_input, "Au", format="DD/MM/YYYY")
    schedule = staff.absence(wanted, first, last)
    html.show(_summary(posts[wanted], schedule))
    if schedule.reliefs:
        rows = [relief_row(staff, relief) for relief in schedule.reliefs]
        caption, heads = "Qui vient, demi-journée par demi-journée", map(worded, RELIEF_HEADS)
        html.show(html.table(caption, tuple(heads), rows, numeric=frozenset({5}), stacks=True))
        with sheet_side:
            download_button(
                "Fiche pour le RNS" if has_organisation() else "Fiche de l'absence",
                absence_sheet(staff, wanted, (first, last), rows),
                file_name=f"absence-{first.isoformat()}.html",
                mime="text/html",
                key="equipes.fiche",
            )
    settings = staff.study.settings.teams
    then = documented(
        "puis personne : le document ne prévoit pas qu'{a_sector_technician} remplace un absent.",
        "puis personne.",
    )
    html.show(
        html.note(
            f"Le collègue qui vient part {terms().site.of_the} où il est ce jour-là. "
            f"{staff.counted_days(first, last)} Au plus "
            f"{plural(settings.monthly_cap, 'intervention')} par personne et par mois, "
            f"{worded(then)}"
        )
    )


def _every_absence(staff: Staff, posts: dict[str, str]) -> htpy.Renderable:
    """Return what the absence of each post in view leaves in a week, the worst first."""
    absences = staff.left(state.of(TeamView).zones(staff.plan))
    technician, name = terms().technician, staff.study.name
    worst = absences[0]
    if worst.empty:
        said = html.notice(
            "warning",
            f"L'absence qui laisse le plus : {posts[worst.post.id]}, "
            f"{plural(worst.empty, 'demi-journée')} par semaine sans {technician}.",
        )
    else:
        good = worded("Quel que soit l'absent, {no_site} n'est sans {technician}.")
        said = html.notice("ok", good)
    rows = [
        (
            posts[left.post.id],
            number(left.missed),
            number(left.empty),
            listing(
                [
                    name(lycee) if count == 1 else f"{name(lycee)} × {count}"
                    for lycee, count in left.lycees.items()
                ]
            )
            or "—",
        )
        for left in absences
    ]
    heads = (
        "Poste absent",
        "Demi-journées manquées",
        f"… sans {technician}",
        worded("{Sites} sans personne"),
    )
    caption = "Une semaine d'absence de chaque poste, les autres étant là"
    return htpy.fragment[
        html.subtitle("Ce que laisse chaque absence"),
        said,
        html.table(caption, heads, rows, numeric=frozenset({1, 2}), stacks=True),
    ]


def _summary(label: str, schedule: Schedule) -> htpy.Element:
    count = len(schedule.reliefs)
    if not count:
        return html.note(
            "Aucune demi-journée manquée à ces dates : ce poste n'y est attendu nulle part."
        )
    service = schedule.service
    missed = plural(count, "demi-journée manquée", "demi-journées manquées")
    came = [r.missed for r in schedule.reliefs if r.missed.by != NOBODY]
    parts = [f"{plural(len(came), 'relevée')} par un collègue de la zone"]
    if came:
        mean = sum(missed.minutes for missed in came) / len(came)
        parts[0] += f" (trajet moyen {minutes(mean)})"
    left = [
        f"{number(service.unattended)} sans {terms().technician}",
        f"{number(service.reduced)} à effectif réduit",
        f"{number(service.displaced)} déplacées",
    ]
    kind = "warning" if service.unattended else "ok"
    text = (
        f" absent : {missed}, dont {', '.join(parts)}. Dans les {terms().site.plural} de la zone, "
        f"en demi-journées : {', '.join(left)}."
    )
    return html.notice(kind, htpy.strong[label], text)


def relief_row(staff: Staff, relief: Relief) -> tuple[str, ...]:
    """Return the row of a missed half-day."""
    missed, name = relief.missed, staff.study.name
    who = "personne"
    if missed.by != NOBODY:
        who = staff.label(staff.people.post(missed.by)).replace(" – zone ", ", ")
    left = "—"
    if relief.leaves is not None:
        rest = ", sans personne pendant ce temps" if relief.alone else ", où un collègue reste"
        left = f"{name(relief.leaves)}{rest}"
    elif missed.by == NOBODY:
        capped = plural(
            relief.capped, "collègue au plafond du mois", "collègues au plafond du mois"
        )
        if missed.minutes == 0:
            left = "effectif réduit : un collègue y est déjà"
        else:
            left = f"sans {terms().technician}{f' ({capped})' if relief.capped else ''}"
    elif relief.origin == missed.lycee:
        left = "rien : déjà sur place"
    else:
        left = "rien : demi-journée disponible"
    return (
        long_date(relief.day.isoformat()),
        slot_name(missed.slot),
        name(missed.lycee),
        who,
        name(relief.origin) if relief.origin else "—",
        staff.study.analysis.drive(relief.origin, missed.lycee) if relief.origin else "—",
        left,
    )
