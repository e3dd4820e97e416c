"""Page « Équipes »: its parts, repairs of grids, absences, the figures of a year."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import isfinite

import htpy
import streamlit as st

from geozones.common.french import listing, long_date, minutes, number, plural
from geozones.domain.settings import HYPOTHESIS_BOUNDS, documented
from geozones.domain.teams import NOBODY, Misfit, repaired, slot_name
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.yearly_cost import ItemCost, YearlyCost
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric import HOURS, KILOMETRES, MetricPlace
from geozones.ui import current_scenario, state
from geozones.ui.equipes.week import posts_part, save_posts
from geozones.ui.feature_parts import team_parts
from geozones.ui.notices import NOTICES
from geozones.ui.opened_data import default_analysis
from geozones.ui.state import address
from geozones.ui.state.page_views import TeamView
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import (
    OTHERS,
    chooser,
    cost_hypotheses,
    restore,
    retained_lines,
    usual_settings,
)
from geozones.ui.widgets.panel import key_figures
from geozones.ui.widgets.scenario_bar import (
    notice_box,
    opened_line,
    step_button,
    trouble,
    undo_asked,
)
from geozones.workspace.figures.costs import item_label, shown_items
from geozones.workspace.figures.plan_comparison import rate_note
from geozones.workspace.figures.study import Study
from geozones.workspace.teams import (
    RELIEF_HEADS,
    Relief,
    Schedule,
    Staff,
    absence_sheet,
    beside_sentences,
    cost_sentences,
    hours_a_lycee,
    interval_sentences,
    sharing_sentences,
    written_total,
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
    html.show(_absence_summary(posts[wanted], schedule))
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


def _absence_summary(label: str, schedule: Schedule) -> htpy.Element:
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
        plural(round(service.displaced), "déplacée"),
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


#: Euros of a year, and a figure whose column says its unit.
_EUROS, _BARE = replace(KILOMETRES, suffix="€"), replace(KILOMETRES, suffix="")


def year_part(staff: Staff) -> None:
    """Show the figures of the area in view, what a year costs by item and zone, the hypotheses."""
    study, view = staff.study, state.of(TeamView)
    cost = study.cost(sector_id=view.sector, zone_id=view.zone)
    zones = [zone for zone in view.zones(study.plan) if study.plan.members(zone)]
    what = terms().territory.the
    if view.zone is not None:
        what = f"la zone {study.plan.zone(view.zone).name}"
    elif view.sector is not None:
        what = f"le secteur {study.plan.sector(view.sector).name}"
    key_figures(study, view.sector, view.zone, place=MetricPlace.HEADLINE)
    html.show(html.figures(f"Coût annuel : {what}", _cost_cards(cost)))
    more = staff.more_posts_said(zones)
    if more:
        html.show(html.bullets(more, "gz-alerts"))
    sentences = [
        *beside_sentences(study, cost, zones),
        *interval_sentences(study.cost_interval(sector_id=view.sector, zone_id=view.zone)),
        *sharing_sentences(study, zones),
        *cost_sentences(study, zones),
    ]
    if sentences:
        html.show(html.bullets(sentences, "gz-steps"))
    total = (
        htpy.b["Total"],
        HOURS.write(cost.road_hours),
        HOURS.write(cost.total_hours - cost.road_hours if isfinite(cost.km) else cost.km),
        _BARE.write(cost.km),
        _BARE.write(cost.euros),
    )
    counted = [key for key, item in shown_items().items() if not item.apart]
    apart = [key for key in shown_items() if key not in counted]
    rows: list[Sequence[htpy.Node]] = [_item_row(study, key, cost) for key in counted]
    rows += [total, *(_item_row(study, key, cost) for key in apart)]
    heads = ("Ce qui coûte", "Route", "Autres heures", "km", "Euros")
    caption = f"D'où vient le coût, pour {what} (par an)"
    html.show(html.table(caption, heads, rows, numeric=frozenset(range(1, 5)), stacks=True))
    if view.zone is None:
        html.show(_areas(study, view.sector))
    _hypotheses(study)
    for part in team_parts():
        if not part.offered():
            part.invite()


def _cost_cards(cost: YearlyCost) -> list[tuple[str, str, str]]:
    """Return the yearly cost in hours, kilometres, and what these and posts cost in euros."""
    rate = cost.settings.cost.absence_weight
    at_rate = rate_note(rate) or f"taux de {rate_text(rate)}"
    what_counts = worded("route, et heures sans {technician} : ") + at_rate
    cards = [
        ("Coût annuel", HOURS.write(written_total(cost)), what_counts),
        ("Kilomètres", KILOMETRES.write(cost.km), "par an"),
        ("Indemnités", _EUROS.write(cost.euros), "kilométriques"),
    ]
    if cost.posts_euros is not None:
        cards.append(("Prix des postes", _EUROS.write(cost.posts_euros), "hors du coût"))
    return cards


def _item_row(study: Study, key: str, cost: YearlyCost) -> tuple[str, ...]:
    item = cost.items.get(key, ItemCost())
    if cost.km_of(key) is None:
        return (item_label(key), "non renseigné", "—", "—", "—")
    beside = item.weight * study.settings.teams.half_day_minutes / 60 * item.half_days
    rate = study.settings.cost.euros_per_km
    return (
        item_label(key),
        HOURS.write(item.road_hours) if item.km else "—",
        HOURS.write(beside) if beside else "—",
        _BARE.write(item.km) if item.km else "—",
        _BARE.write(item.km * rate) if item.km else "—",
    )


def _areas(study: Study, sector: str | None) -> htpy.Element:
    plan = study.plan
    rows: list[Sequence[htpy.Node]] = []
    for entry in plan.sectors:
        if sector not in {None, entry.id} or not plan.lycees_of(entry.id):
            continue
        name = f"Secteur {entry.name} ({study.decisions.sector(entry.id).label})"
        rows.append(_area_row(htpy.b[name], study.cost(sector_id=entry.id)))
        rows += [
            _area_row(html.go(f"zone:{zone.id}", zone.name), study.cost(zone_id=zone.id))
            for zone in plan.zones_of(entry.id)
            if plan.members(zone.id)
        ]
    heads = (
        "Secteur et ses zones",
        worded("{Sites}"),
        "Postes",
        "Route",
        worded("Sans {technician}"),
        "km",
        "Euros",
        worded("Coût par {site}"),
    )
    return html.table(
        "Par secteur et par zone, en une année", heads, rows, numeric=frozenset(range(1, 8))
    )


def _area_row(name: htpy.Node, cost: YearlyCost) -> tuple[htpy.Node, ...]:
    return (
        name,
        number(cost.lycees),
        number(cost.posts),
        HOURS.write(cost.road_hours),
        HOURS.write(cost.unattended_hours),
        _BARE.write(cost.km),
        _BARE.write(cost.euros),
        HOURS.write(hours_a_lycee(cost)),
    )


_RATE = "equipes.hypothese.absence_rate"
_RATE_SOURCE = (
    "Maladie ordinaire des agents territoriaux : 4,8 % en 2019. Toutes les absences pour raison de "
    "santé, longues maladies et maternité comprises : 9,8 % (Panorama Sofaxis, novembre 2020). "
    "Essayez 8 ou 9 % pour compter aussi les longues absences."
)


def _hypotheses(study: Study) -> None:
    """Let the user change the three hypotheses that move these figures most, for this session."""

    def set_rate(percent: int | None) -> None:
        """Set the rate for this session; ``None`` takes the session's own away."""
        usual = default_analysis().settings.teams
        teams = state.of(HypothesesView).teams or usual
        rate = usual.absence_rate if percent is None else percent / 100
        state.update(HypothesesView, teams=replace(teams, absence_rate=rate))

    with st.expander("Hypothèses", key="annee.hypotheses"):
        st.caption(
            "Ce sont des hypothèses de l'outil, à régler ensemble. Elles valent pour toutes les "
            "pages de cette session."
        )
        low, high = (round(100 * bound) for bound in HYPOTHESIS_BOUNDS["absence_rate"])
        usual = usual_settings().teams.absence_rate
        rate, usual = (round(100 * value) for value in (study.settings.teams.absence_rate, usual))
        value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
        state.BoundValue(_RATE, rate, set_rate).draw(
            value_side.number_input, "Taux d'absence (%)", low, high, step=1, help=_RATE_SOURCE
        )
        with back_side:
            restore(_RATE, str(usual), partial(set_rate, None), changed=rate != usual)
        retained_lines("absence_rate")
        cost_hypotheses(study)
        retained_lines(*OTHERS)


def repairs(staff: Staff) -> None:
    """Show each grid that needs a repair, with the button that makes it."""
    for misfit in staff.misfits:
        label = staff.label(misfit.post)
        with st.container(border=True):
            html.show(html.warning(_description(staff, misfit, label)))
            gone = not staff.plan.has_zone(misfit.post.zone)
            st.button(
                "Retirer ce poste" if gone else "Libérer ces demi-journées",
                key=f"equipes.reparer.{misfit.post.id}",
                icon=":material/healing:",
                on_click=_repair,
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


def _repair(staff: Staff, misfit: Misfit) -> None:
    """Free the half-days of a grid that are outside its zone; drop the post of a zone gone."""
    zone = misfit.post.zone
    if not staff.plan.has_zone(zone):
        data: dict[str, object] = {"posts": [misfit.post.id]}
        done = "Le poste est retiré ; « Annuler » le remet."
        current_scenario.record("drop_posts", data, done=done)
        return
    posts = [
        repaired(misfit) if post.id == misfit.post.id else post
        for post in staff.people.of_zone(zone)
    ]
    done = "Ces demi-journées sont libérées ; proposez à nouveau la grille."
    save_posts(zone, posts, done, "grille réparée")


_PARTS = {
    "postes": ("Semaine", posts_part),
    "absence": ("Absences", absence_part),
    "annee": ("Année", year_part),
}
#: Former parts, and those that replaced them.
_FORMER = {"besoins": "postes", "resilience": "absence", "tis": "postes", "cout": "annee"}


def equipes(study: Study) -> None:
    """Draw the page; the address of a former part leads to what replaced it."""
    asked = address.asked_part()
    if asked == "organisation":
        st.switch_page("pages/donnees.py", query_params=address.of_part(NOTICES))
    work = current_scenario.current()
    text = opened_line(work) or f"sur le {study.analysis.baseline.current.noun}"
    html.show(html.title("Équipes", f"qui est où, qui remplace, en combien de temps — {text}"))
    # show the zone of what was chosen on the map, once for each choice; at first, a zone
    plan = work.plan
    chosen = state.follow_map(TeamView, plan)
    if chosen is not None and any(chosen.places):
        sector, zone = chosen.around(plan)
        state.update(TeamView, sector=sector, zone=zone, post=None, opened=True)
    elif not state.of(TeamView).opened:
        first = next((zone for zone in plan.zones if plan.members(zone.id)), None)
        if first is not None:
            state.update(TeamView, opened=True, sector=first.sector, zone=first.id)
    state.within(TeamView, work.plan)
    _choose_place(study)
    undo_asked()
    more = {part.key: part for part in team_parts()}
    names = {key: name for key, (name, _) in _PARTS.items()}
    names |= {key: part.label for key, part in more.items() if key == asked or part.offered()}
    shown = choose_part(TeamView, names, former=_FORMER)
    with st.container():
        trouble(study, work)
    notice_box()
    staff = Staff(study)
    repairs(staff)
    draw = more[shown].draw if shown in more else _PARTS[shown][1]
    draw(staff)
    address.publish(work)


def _choose_place(study: Study) -> None:
    """Draw the choice of a sector and of one of its zones, beside undo and redo."""
    plan, view = study.plan, state.of(TeamView)
    sector_side, zone_side, tools = st.columns([1, 1.2, 1.5], vertical_alignment="bottom")
    sectors: dict[str | None, str] = {None: worded("{Whole_territory}")}
    for sector in plan.sectors:
        sectors[sector.id] = f"{sector.name} ({study.decisions.sector(sector.id).label})"
    zones: dict[str | None, str] = {None: "Toutes les zones"}
    for zone in plan.zones if view.sector is None else plan.zones_of(view.sector):
        if plan.members(zone.id):
            zones[zone.id] = zone.name

    def go(sector: str | None, zone: str | None) -> None:
        state.clear_notice()
        state.update(TeamView, post=None, sector=sector, zone=zone)

    def go_to_zone(zone: str | None) -> None:
        go(state.of(TeamView).sector if zone is None else plan.zone(zone).sector, zone)

    with sector_side:
        by_sector = state.bound(TeamView, "sector", then=lambda sector: go(sector, None))
        chooser("Secteur", sectors, by_sector)
    with zone_side:
        chooser("Zone de continuité", zones, state.bound(TeamView, "zone", then=go_to_zone))
    with tools, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for way in ("undo", "redo"):
            step_button(way, f"equipes.{way}")
