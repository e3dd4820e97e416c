"""The posts of a zone: their week, edited and locked cell by cell, or proposed."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from secrets import token_hex

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.teams import DAYS, FREE, HALVES, SHARES, SLOTS, Post, post_to_json, slot_name
from geozones.ui import desk, state
from geozones.ui.auth import actor
from geozones.ui.components import html
from geozones.ui.components.chooser import chooser
from geozones.ui.components.team_grid import week_by_lycee, week_by_post
from geozones.ui.components.team_proposal import proposal_part
from geozones.workspace import Role, Staff, write_names

_NAMES = "equipes.noms"


def posts_part(staff: Staff) -> None:
    """Offer to propose, then show and edit the posts of the zone in view."""
    zone = state.team_view().zone
    proposal_part(staff)
    if zone is None:
        _overview(staff)
        return
    posts = staff.people.of_zone(zone)
    st.html(f'<h2 class="gz-subtitle">Zone {escape(staff.plan.zone(zone).name)}</h2>')
    if not posts:
        st.html(
            html.note(
                "Aucun poste n'est défini ici : demandez une proposition ci-dessus, ou ajoutez un "
                "poste et remplissez sa semaine."
            )
        )
    else:
        st.html(week_by_post(staff, zone))
        st.html(week_by_lycee(staff, zone))
        faults = staff.check(zone)
        if faults:
            st.html(html.bullets([fault.message for fault in faults], "gz-alerts"))
        else:
            st.html(html.bullets(["Besoins tenus, règles respectées."], "gz-solved"))
    _editor(staff, zone)


def _overview(staff: Staff) -> None:
    view = state.team_view()
    zones = staff.plan.zones if view.sector is None else staff.plan.zones_of(view.sector)
    rows = []
    for zone in zones:
        posts = staff.people.of_zone(zone.id)
        need = sum(staff.needs(zone.id).values())
        given = sum(post.load for post in posts)
        alerts = str(len(staff.check(zone.id))) if posts else "—"
        count = str(len(posts)) if posts else "non renseigné"
        rows.append((zone.name, count, str(need), str(given) if posts else "—", alerts))
    heads = ("Zone", "Postes", "Besoin (demi-journées)", "Présence", "Alertes")
    st.html(html.table("Postes par zone", heads, rows, numeric=frozenset({1, 2, 3, 4})))


# -- editing -------------------------------------------------------------------------------------


def _editor(staff: Staff, zone: str) -> None:
    posts = staff.people.of_zone(zone)
    with st.expander("Modifier un poste", icon=":material/edit_calendar:", expanded=bool(posts)):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if posts:
                _choose(staff, posts)
            st.button(
                "Ajouter un poste",
                icon=":material/person_add:",
                key="equipes.ajouter",
                on_click=_add,
                args=(staff, zone),
            )
            _names_toggle()
        if posts:
            chosen = next((p for p in posts if p.id == state.team_view().post), posts[0])
            _post(staff, zone, chosen)


def _choose(staff: Staff, posts: tuple[Post, ...]) -> None:
    labels = {post.id: staff.label(post) for post in posts}
    chooser(
        "Poste à modifier",
        labels,
        state.team_view().post,
        lambda post: state.set_team_view(post=post),
        key="equipes.poste",
    )


def _names_toggle() -> None:
    state.put(_NAMES, state.team_view().names)
    st.toggle(
        "Noms",
        key=_NAMES,
        on_change=lambda: state.set_team_view(names=bool(state.widget(_NAMES))),
        help="Facultatifs. Ils restent sur cette machine : ni le scénario ni aucun export ne les "
        "contient, sauf la fiche d'absence si vous le demandez.",
    )


def _post(staff: Staff, zone: str, post: Post) -> None:
    members = staff.plan.members(zone)
    share, residence, name, drop = st.columns([0.7, 1.6, 1.4, 0.9], vertical_alignment="bottom")
    key = f"equipes.poste.{post.id}"
    state.put(f"{key}.quotite", post.share)
    share.selectbox(
        "Quotité (%)",
        SHARES,
        key=f"{key}.quotite",
        on_change=_changed,
        args=(staff, post, "share", f"{key}.quotite"),
    )
    homes = [None, *dict.fromkeys((*post.lycees, *members))]
    state.put(f"{key}.residence", post.residence if post.residence in homes else None)
    residence.selectbox(
        "Résidence administrative",
        homes,
        format_func=lambda x: "à choisir" if x is None else staff.workspace.name(x),
        key=f"{key}.residence",
        on_change=_changed,
        args=(staff, post, "residence", f"{key}.residence"),
    )
    if staff.names is not None:
        state.put(f"{key}.nom", staff.names.get(post.id, ""))
        name.text_input(
            "Nom (reste ici)",
            key=f"{key}.nom",
            max_chars=100,
            on_change=_named,
            args=(post, f"{key}.nom"),
        )
    drop.button(
        "Retirer",
        icon=":material/person_remove:",
        key=f"{key}.retirer",
        on_click=_drop,
        args=(staff, post),
    )
    _week(staff, post, members)


def _week(staff: Staff, post: Post, members: tuple[str, ...]) -> None:
    choices = [*members, FREE, None]
    for day, column in enumerate(st.columns(len(DAYS), gap="small")):
        with column:
            for half in range(len(HALVES)):
                slot = 2 * day + half
                cell = post.cells[slot]
                key = f"equipes.case.{post.id}.{slot}"
                options = choices if cell in choices else [cell, *choices]
                state.put(key, cell)
                st.selectbox(
                    slot_name(slot).capitalize(),
                    options,
                    format_func=lambda value: _choice_name(staff, value),
                    key=key,
                    on_change=_cell_changed,
                    args=(staff, post, slot, key),
                )
                lock = f"equipes.verrou.{post.id}.{slot}"
                state.put(lock, slot in post.locked)
                st.checkbox(
                    f"Verrouiller {slot_name(slot)}",
                    key=lock,
                    on_change=_locked,
                    args=(staff, post, slot, lock),
                )


def _choice_name(staff: Staff, value: str | None) -> str:
    if value is None:
        return "— ne travaille pas"
    if value == FREE:
        return "disponible"
    place = staff.workspace.lycees.get(value)
    return value if place is None else place.name


# -- changes -------------------------------------------------------------------------------------


def _save(staff: Staff, zone: str, posts: list[Post], said: str) -> None:
    data: dict[str, object] = {"zones": [zone], "posts": [post_to_json(post) for post in posts]}
    if desk.record(staff.workspace, "set_posts", data):
        state.notify("ok", said)


def _put(staff: Staff, post: str, change: Callable[[Post], Post], said: str) -> None:
    """Change a post as it is now: another change may have come since it was drawn.

    Nothing is written where nothing changes: the browser may tell a change twice.
    """
    people = desk.current(staff.workspace).state.teams
    for old in people.posts:
        if old.id == post and (new := change(old)) != old:
            posts = [new if entry is old else entry for entry in people.of_zone(old.zone)]
            _save(staff, old.zone, posts, said)


def _add(staff: Staff, zone: str) -> None:
    new = Post(f"tip-{token_hex(5)}", zone, cells=(FREE,) * SLOTS)
    state.set_team_view(post=new.id)
    people = desk.current(staff.workspace).state.teams
    _save(staff, zone, [*people.of_zone(zone), new], "Un poste est ajouté : remplissez-le.")


def _drop(staff: Staff, post: Post) -> None:
    label = staff.label(post)
    if desk.record(staff.workspace, "drop_posts", {"posts": [post.id]}):
        state.set_team_view(post=None)
        state.notify("ok", f"{label} est retiré ; « Annuler » le remet.")


def _changed(staff: Staff, post: Post, field: str, key: str) -> None:
    changed = {field: state.widget(key)}
    said = f"{staff.label(post)} est modifié."
    _put(staff, post.id, lambda now: replace(now, **changed), said)


def _cell_changed(staff: Staff, post: Post, slot: int, key: str) -> None:
    value = state.widget(key)
    said = f"{slot_name(slot).capitalize()} : {_choice_name(staff, value)}."

    def change(now: Post) -> Post:
        return replace(now, cells=(*now.cells[:slot], value, *now.cells[slot + 1 :]))

    _put(staff, post.id, change, said)


def _locked(staff: Staff, post: Post, slot: int, key: str) -> None:
    held = bool(state.widget(key))
    said = f"{slot_name(slot).capitalize()} : {'verrouillé' if held else 'déverrouillé'}."

    def change(now: Post) -> Post:
        return replace(now, locked=now.locked | {slot} if held else now.locked - {slot})

    _put(staff, post.id, change, said)


def _named(post: Post, key: str) -> None:
    try:
        actor().require(Role.PLANNER)
        write_names({post.id: str(state.widget(key) or "")})
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.notify("ok", "Le nom est gardé sur cette machine seulement.")
