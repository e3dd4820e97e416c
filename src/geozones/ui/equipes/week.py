"""Part « Semaine »: the week of a zone by post and by lycée, its changes, proposed posts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import htpy
import streamlit as st

from geozones.common.errors import InputError
from geozones.common.french import minutes, number, plural
from geozones.domain.events.change import MAX_NAME
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import (
    DAYS,
    FREE,
    HALVES,
    SHARES,
    SLOTS,
    Cell,
    ExceptionCause,
    Post,
    capacity,
    slot_name,
)
from geozones.domain.terms import terms, worded
from geozones.render.palette import oklch
from geozones.ui import current_scenario, state
from geozones.ui.equipes.needs import needs_part
from geozones.ui.state.page_views import TeamProposalView, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import live_table
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.teams import (
    PostsJob,
    PostsRequest,
    Staff,
    posts_event,
    posts_job,
    technicians_line,
    with_proposals,
)

if TYPE_CHECKING:
    from geozones.workspace.teams import PostsProposal


#: Key of the container of the week in view.
WEEK = "gz-semaine"

_HUES = (150.0, 262.0, 75.0, 330.0, 200.0, 30.0, 110.0, 290.0)


def tints(lycees: Sequence[str]) -> dict[str, str]:
    """Return a pale colour for each lycée of a zone, on which black text is readable."""
    return {
        lycee: oklch(0.93 if rank < len(_HUES) else 0.88, 0.055, _HUES[rank % len(_HUES)])
        for rank, lycee in enumerate(lycees)
    }


def week_by_post(staff: Staff, zone: str, *, is_edited: bool = False) -> htpy.Element:
    """Return the week of each post: its place on each half-day, its load and résidence.

    If ``is_edited``, each half-day is a list to choose from, with its lock.
    """
    colours = tints(staff.plan.members(zone))
    rows = []
    for post in staff.people.of_zone(zone):
        label = staff.label(post).split(" – zone ")[0]
        load = f"{post.share} %, {post.load} / {capacity(post.share)} demi-journées"
        home = "à choisir" if post.residence is None else cell_text(staff, post.residence)
        cells: list[htpy.Element] = []
        for first in range(0, SLOTS, 2):
            slots = (first, first + 1)
            same = post.cells[first] == post.cells[first + 1]
            if is_edited:
                cells += [_editor_cell(staff, post, label, slot, colours) for slot in slots]
            elif same and (first in post.locked) == (first + 1 in post.locked):
                cells.append(_cell(staff, post, first, colours, span=2))
            else:
                cells += [_cell(staff, post, slot, colours) for slot in slots]
        head = htpy.th(scope="row")[label, htpy.small[load], htpy.small[f"résidence : {home}"]]
        rows.append(htpy.tr[head, cells])
    if is_edited:
        how = ", matin et après-midi : une case se change d'un clic, son cadenas la verrouille"
    else:
        how = " (matin et après-midi ; cadenas : verrouillé)"
    layout = "gz-week-cards gz-week-edited" if is_edited else "gz-week-cards"
    return _week_table(f"La semaine de chaque poste{how}", ["Poste"], rows, layout)


def _week_table(
    caption: str, heads: Sequence[str], rows: list[htpy.Element], layout: str
) -> htpy.Element:
    """Return the table; ``heads`` stand before the days, ``layout`` has classes."""
    days = [htpy.th(scope="colgroup", colspan=len(HALVES))[day] for day in DAYS]
    return html.scrolled(
        caption,
        htpy.table(class_=f"gz-table gz-week {layout}")[
            htpy.caption[caption],
            htpy.colgroup(span=len(heads)),
            [htpy.colgroup(span=len(HALVES)) for _ in DAYS],
            htpy.thead[
                htpy.tr[[htpy.th(scope="col", rowspan=2)[head] for head in heads], days],
                htpy.tr[[htpy.th(scope="col")[half] for _ in DAYS for half in HALVES]],
            ],
            htpy.tbody[rows],
        ],
    )


def _cell(
    staff: Staff, post: Post, slot: int, colours: Mapping[str, str], span: int = 1
) -> htpy.Element:
    cell, lock = post.cells[slot], None
    if slot in post.locked:
        lock = htpy.span(".gz-lock", title="verrouillé", role="img", aria_label="verrouillé")
    kind, style = cell_look(cell, colours)
    when = slot_name(slot) if span == 1 else DAYS[slot // 2]
    return htpy.td(class_=kind, colspan=span, style=style, data_when=when)[
        cell_text(staff, cell), lock
    ]


def _editor_cell(
    staff: Staff, post: Post, label: str, slot: int, colours: dict[str, str]
) -> htpy.Element:
    cell, locked, when = post.cells[slot], slot in post.locked, slot_name(slot)
    kind, style = cell_look(cell, colours)
    choices = dict.fromkeys([*staff.plan.members(post.zone), FREE, None, cell])
    options = [
        htpy.option(value=OUT if choice is None else choice, selected=choice == cell)[
            cell_text(staff, choice, _OUT_TEXT)
        ]
        for choice in choices
    ]
    return htpy.td(class_=f"{kind} gz-locked" if locked else kind, style=style, data_when=when)[
        htpy.span(".gz-said", aria_hidden="true")[cell_text(staff, cell)],
        htpy.select(
            data_post=post.id,
            data_slot=slot,
            data_at=f"{post.id}.{slot}",
            aria_label=f"{label}, {when}",
            disabled=locked,
            title="verrouillé : déverrouillez pour changer" if locked else None,
        )[options],
        htpy.button(
            type="button",
            data_post=post.id,
            data_slot=slot,
            data_at=f"{post.id}.{slot}.lock",
            aria_pressed=str(locked).lower(),
            aria_label=f"Verrouiller {when}, {label}",
            title="Déverrouiller" if locked else "Verrouiller : une proposition n'y touchera pas",
        )[htpy.span(".gz-lock", aria_hidden="true")],
    ]


def week_by_lycee(staff: Staff, zone: str) -> htpy.Element:
    """Return the posts in each lycée on each half-day, by number, and the presence against need."""
    posts, needs = staff.people.of_zone(zone), staff.needs(zone)
    colours = tints(staff.plan.members(zone))
    rows = []
    for lycee in staff.plan.members(zone):
        cells = []
        for slot in range(SLOTS):
            ranks = [str(rank) for rank, post in enumerate(posts, 1) if post.cells[slot] == lycee]
            cell = htpy.td(".gz-nobody")[htpy.span(".gz-hidden")["personne"]]
            if ranks:
                cell = htpy.td(".gz-at", style=f"--tint:{colours[lycee]}")[", ".join(ranks)]
            cells.append(cell)
        given = sum(post.cells.count(lycee) for post in posts)
        fits = htpy.span(class_=None if given == needs[lycee] else "gz-warn")
        head = htpy.th(scope="row")[cell_text(staff, lycee)]
        presence = htpy.td(".gz-number")[fits[f"{given} / {needs[lycee]}"]]
        rows.append(htpy.tr[head, presence, cells])
    caption = worded(
        "Qui est dans chaque {site}, matin et après-midi (numéro du poste) ; présence sur besoin"
    )
    return _week_table(caption, [worded("{Site}"), "Présence"], rows, "gz-week-lines")


def cell_look(cell: Cell, colours: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the class and the style of a half-day; ``colours`` come from `tints`."""
    if cell is None:
        return "gz-out", None
    if cell == FREE:
        return "gz-free", None
    return ("gz-at", f"--tint:{colours[cell]}") if cell in colours else ("gz-stray", None)


def cell_text(staff: Staff, cell: Cell, nothing: str = "—") -> str:
    """Return the short text of a half-day: a lycée, « disponible », or ``nothing``."""
    if cell is None:
        return nothing
    if cell == FREE:
        return "disponible"
    place = staff.study.territory.lycees.get(cell)
    return cell if place is None else place.name


#: Value and text of a half-day not at work in a list of the browser.
OUT, _OUT_TEXT = "", "ne travaille pas"


def save_posts(zone: str, posts: list[Post], done: str, why: str = "") -> bool:
    """Replace the posts of a zone and notify the user of it, or of its refusal; return success.

    ``why`` is the reason kept in the history.
    """
    data: dict[str, object] = {"zones": [zone], "posts": [post_to_json(post) for post in posts]}
    return current_scenario.record("set_posts", data, why, done=done)


def put_post(post: str, change: Callable[[Post], Post], done: str) -> bool:
    """Change a post in its current state, newer than the one drawn; return whether it changed.

    Nothing is recorded if nothing changes: the browser may send a change twice.
    """
    people = current_scenario.current().state.teams
    for old in people.posts:
        if old.id == post and (new := change(old)) != old:
            posts = [new if entry is old else entry for entry in people.of_zone(old.zone)]
            return save_posts(old.zone, posts, done)
    return False


@state.reporting_errors()
def change_week(gesture: Mapping[str, Any]) -> None:
    """Handle a gesture on a half-day: ``cell`` sets its ``value``, ``lock`` locks or unlocks it.

    Both have ``post`` (an id) and ``slot``. The message states the alerts solved and caused.
    """
    study = current_scenario.study()
    post = study.teams.post(str(gesture.get("post")))
    slot = gesture.get("slot")
    if type(slot) is not int or not 0 <= slot < SLOTS:
        raise InputError(f"Une demi-journée est un rang de 0 à {SLOTS - 1}.")
    changed = _changed_by_gesture(post, slot, gesture)
    label, when = Staff(study).label(post).split(" – ")[0], slot_name(slot)
    if gesture["event"] == "lock":
        done = f"{label}, {when} : {'verrouillé' if slot in changed.locked else 'déverrouillé'}."
        put_post(post.id, lambda _: changed, done)
        return
    before = Staff(study).sentences(post.zone)
    done = f"{label}, {when} : {cell_text(Staff(study), changed.cells[slot], _OUT_TEXT)}."
    if put_post(post.id, lambda _: changed, done):
        after = Staff(current_scenario.study()).sentences(post.zone)
        state.notify("ok", f"{done} {consequences(before, after)}".strip())


def consequences(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return one sentence: what a change newly breaks (``after``), or how many points it solves."""
    broken = [point for point in after if point not in before]
    solved = len([point for point in before if point not in after])
    if broken:
        more = f" (et {plural(len(broken) - 1, 'autre point', 'autres points')})"
        return f"À voir : {broken[0].rstrip('.')}{more if len(broken) > 1 else ''}."
    if not after:
        return "Besoins couverts, règles respectées." if before else ""
    return f"{plural(solved, 'point réglé', 'points réglés')}." if solved else ""


def _changed_by_gesture(post: Post, slot: int, gesture: Mapping[str, Any]) -> Post:
    """Return a post after a gesture; raise ``InputError`` if its half-day is locked."""
    if gesture["event"] == "lock":
        held = gesture.get("held") is True
        return replace(post, locked=post.locked | {slot} if held else post.locked - {slot})
    if slot in post.locked:
        raise InputError(
            f"{slot_name(slot).capitalize()} est verrouillé : déverrouillez-le pour le changer."
        )
    value = str(gesture.get("value"))
    cells = list(post.cells)
    cells[slot] = None if value == OUT else value
    return replace(post, cells=tuple(cells))


def exception_sentences(after: Staff, proposal: "PostsProposal") -> list[str]:
    """Return the exceptions of a proposal in sentences; ``after`` holds its posts."""
    sentences = []
    tip = terms().proximity_technician
    for entry in proposal.exceptions:
        lycee = after.study.name(entry.lycee)
        if entry.post is None:
            sentence = f"{lycee} n'est connu que {tip.of_a}"
        else:
            sentence = (
                f"{after.label(after.people.post(entry.post))} n'a qu'{terms().site.a}, {lycee}"
            )
        sentences.append(f"{sentence.rstrip('.')} : {entry.why.text}.")
    return sentences


# -- editing -------------------------------------------------------------------------------------


# -- changes -------------------------------------------------------------------------------------


def proposal_part(staff: Staff) -> None:
    """Show the button, then the progress of the search, then its results."""
    job = state.of(TeamProposalView).job
    html.show(
        html.note(
            "L'outil cherche le ",
            htpy.strong["moins de postes"],
            " qui couvre les besoins, puis des postes ",
            htpy.strong["partagés"],
            worded(
                " : chaque {site} connu de deux {proximity_technicians} au moins, chaque "
                "{proximity_technician} dans deux {sites} au moins, sauf exceptions de taille ou "
                "d'éloignement, données avec leur raison. Puis une présence régulière, quelqu'un à "
                "autant de demi-journées que possible, un collègue qui puisse venir, des journées "
                "entières, des charges égales, peu de route. Ce que vous "
            ),
            htpy.strong["verrouillez"],
            " dans une grille ne bouge pas. Rien ne change avant « Adopter ».",
        )
    )
    _proposal_form(staff, may_start=job is None or not job.is_running)
    if job is None:
        return

    def progress() -> None:
        steps = job.progress
        what = f"Zone {steps.what}" if steps.what else "Préparation"
        done = plural(steps.done, "zone faite", "zones faites")
        st.progress(steps.share, text=f"{what} ({done} sur {steps.total})…")

    job_card(
        job,
        "Recherche des postes",
        lambda proposals: _found_posts(staff, proposals, stopped=job.is_cancelled),
        StopButton("Arrêter et garder ce qui est trouvé", "equipes.arreter", job.cancel),
        progress,
    )


def _proposal_form(staff: Staff, *, may_start: bool) -> None:
    view = state.of(TeamView)
    where = terms().territory.of_the if view.sector is None else "du secteur"

    def start() -> None:
        zones, asked = state.of(TeamView).zones(staff.plan), state.of(TeamProposalView)

        def make() -> PostsJob:
            options = staff.options(share=asked.share, keep=asked.keep)
            return posts_job(PostsRequest(staff.study, zones, options))

        begin_job(TeamProposalView, make)

    button, share, keep = st.columns([1.1, 0.9, 1.6], vertical_alignment="bottom")
    button.button(
        f"Proposer les postes {'de la zone' if view.zone is not None else where}",
        type="primary",
        icon=":material/group_add:",
        key="equipes.proposer",
        disabled=not may_start,
        on_click=start,
        width="stretch",
    )
    state.bound(TeamProposalView, "share").draw(
        share.selectbox, "Quotité des postes ajoutés (%)", SHARES
    )
    if any(map(staff.people.of_zone, view.zones(staff.plan))):
        state.bound(TeamProposalView, "keep").draw(
            keep.toggle,
            "Garder les postes existants",
            help="Sinon, seuls restent les postes qui ont une demi-journée verrouillée.",
        )


def _found_posts(staff: Staff, proposals: Sequence["PostsProposal"], *, stopped: bool) -> str:
    done = [proposal for proposal in proposals if proposal.levels]
    posts = sum(len(proposal.posts) for proposal in done)
    proven = sum(proposal.status.value == "optimal" for proposal in proposals)
    seconds = sum(proposal.seconds for proposal in proposals)
    where = f" dans {plural(proven, 'zone')} sur {len(proposals)}"
    text = (
        f"{plural(posts, 'poste proposé', 'postes proposés')} pour "
        f"{plural(len(proposals), 'zone')} en {number(seconds, 1)} s : minimum démontré"
        f"{where if proven < len(proposals) else ''}"
    )
    end = " ; recherche arrêtée, les autres zones gardent leurs postes." if stopped else "."
    names = {zone.id: zone.name for zone in staff.plan.zones}
    whys = [
        f"{names.get(proposal.zone, proposal.zone)} : {proposal.why}"
        for proposal in proposals
        if proposal.why
    ]
    with st.container(border=True):
        html.show(html.sentence(htpy.strong[text], end))
        preview(staff, done)
        if whys:
            html.show(html.bullets(whys, "gz-alerts"))
        with st.container(horizontal=True):
            st.button(
                f"Adopter {plural(posts, 'poste')}",
                type="primary",
                icon=":material/check:",
                key="equipes.adopter",
                disabled=not done,
                on_click=_adopt,
                args=(posts_event(tuple(proposals)),),
            )
            st.button("Écarter", key="equipes.ecarter", on_click=drop_job, args=(TeamProposalView,))
    return text + end


def _adopt(data: dict[str, Any]) -> None:
    done = "Postes enregistrés dans le scénario. « Annuler » revient aux précédents."
    if current_scenario.record("set_posts", data, done=done):
        drop_job(TeamProposalView)
        state.update(TeamView, post=None)
        state.ask_focus(WEEK)


def preview(staff: Staff, done: Sequence["PostsProposal"]) -> None:
    """Show each zone now and after, the exceptions with their reasons, and the new week."""
    if not done:
        return
    after = replace(staff, study=staff.study.with_teams(with_proposals(staff.people, done)))
    rows = []
    for proposal in done:
        sides = (
            (staff, staff.people.of_zone(proposal.zone)),
            (after, after.people.of_zone(proposal.zone)),
        )
        figures = [
            (
                str(len(posts)),
                str(sum(len(post.lycees) == 1 for post in posts)),
                minutes(side.travel(posts)),
            )
            if posts
            else ("—",) * 3
            for side, posts in sides
        ]
        arrows = (" → ".join(pair) for pair in zip(*figures, strict=True))
        rows.append((staff.plan.zone(proposal.zone).name, *arrows, proposal.summary))
    heads = (
        "Zone",
        "Postes",
        worded("… sur un seul {site}"),
        "Trajets par semaine",
        "En clair",
    )
    caption = "Effet de l'adoption : aujourd'hui → ensuite"
    numeric = frozenset({1, 2, 3})
    html.show(html.table(caption, heads, rows, numeric=numeric, stacks=True))
    exceptions = [line for proposal in done for line in exception_sentences(after, proposal)]
    if exceptions:
        heading = html.subtitle("Exceptions aux postes partagés", heading=htpy.h3)
        html.show(htpy.fragment[heading, html.bullets(exceptions, "gz-steps")])
    if len(done) == 1:
        with st.expander("La semaine proposée"):
            html.show(week_by_post(after, done[0].zone))
            html.show(week_by_lycee(after, done[0].zone))


def posts_part(staff: Staff) -> None:
    """Show the week of what is in view first; then what proposes and changes posts."""
    zone = state.of(TeamView).zone
    posts = staff.people.posts if zone is None else staff.people.of_zone(zone)
    with st.container(key=WEEK):  # always drawn, so that the boxes below stay open
        if zone is None:
            _overview(staff)
        else:
            _week(staff, zone)
    searched = state.of(TeamProposalView).job is not None
    # unfolded while there is no post, or a search to look at
    with st.expander("Chercher les meilleurs postes", expanded=not posts or searched):
        proposal_part(staff)
    if zone is not None:
        _editor(staff, zone)
    needs_part(staff)


def _week(staff: Staff, zone: str) -> None:
    html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
    if not staff.people.of_zone(zone):
        site, needs = terms().site, staff.needs(zone)
        asked = plural(sum(needs.values()), "demi-journée")
        whose = f"Son {site}" if len(needs) == 1 else f"Ses {site.counted(len(needs))}"
        html.show(
            html.note(
                f"Aucun poste dans cette zone pour l'instant. {whose} "
                f"{'demande' if len(needs) == 1 else 'demandent'} {asked} par semaine. "
                "Cliquez sur « Proposer les postes de la zone », ou ajoutez un poste vous-même "
                f"sous « {_EDITOR} »."
            )
        )
        return
    html.show(week_by_lycee(staff, zone))
    sentences = staff.sentences(zone)
    if sentences:
        html.show(html.bullets(sentences, "gz-alerts"))
    else:
        html.show(html.bullets(["Besoins couverts, règles respectées."], "gz-solved"))
    excepted = staff.exceptions(zone)
    if excepted:
        html.show(html.bullets(excepted, "gz-steps"))
    live_table("equipes.semaine", week_by_post(staff, zone, is_edited=True), change_week)


def _overview(staff: Staff) -> None:
    """Show a row per zone in view; in a sector, then the week of each zone that has posts."""
    rows, zones = [], state.of(TeamView).zones(staff.plan)
    for zone in zones:
        posts = staff.people.of_zone(zone)
        need = sum(staff.needs(zone).values())
        given = sum(post.load for post in posts)
        alerts = str(len(staff.sentences(zone))) if posts else "—"
        count = str(len(posts)) if posts else "non renseigné"
        name = staff.plan.zone(zone).name
        rows.append((name, count, str(need), str(given) if posts else "—", alerts))
    heads = ("Zone", "Postes", "Besoin (demi-journées)", "Présence", "Alertes")
    html.show(html.table("Postes par zone", heads, rows, numeric=frozenset({1, 2, 3, 4})))
    sector = state.of(TeamView).sector
    if sector is None:
        return
    html.show(html.remark(f"{technicians_line(staff.study, sector)}."))
    for zone in zones:
        if staff.people.of_zone(zone):
            html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
            html.show(week_by_lycee(staff, zone))


_EDITOR = "Ajouter ou modifier un poste"


def _editor(staff: Staff, zone: str) -> None:
    posts = {post.id: post for post in staff.people.of_zone(zone)}

    def add() -> None:
        new = Post(f"tip-{token_hex(5)}", zone, cells=(FREE,) * SLOTS)
        state.update(TeamView, post=new.id)
        people = current_scenario.current().state.teams
        save_posts(zone, [*people.of_zone(zone), new], "Un poste est ajouté : remplissez-le.")

    with st.expander(_EDITOR):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if posts:
                labels = {key: staff.label(post) for key, post in posts.items()}
                chooser("Poste à modifier", labels, state.bound(TeamView, "post"))
            st.button(
                "Ajouter un poste",
                icon=":material/person_add:",
                key="equipes.ajouter",
                on_click=add,
            )
        if posts:
            chosen = state.of(TeamView).post
            _post(staff, posts[chosen] if chosen in posts else next(iter(posts.values())))


def _post(staff: Staff, post: Post) -> None:
    share_side, residence_side, drop_side = st.columns([0.7, 1.6, 0.9], vertical_alignment="bottom")
    key, label = f"equipes.poste.{post.id}", staff.label(post)

    def change(field: str, value: int | str | None) -> None:
        changed: dict[str, Any] = {field: value}
        put_post(post.id, lambda now: replace(now, **changed), f"{label} est modifié.")

    def drop() -> None:
        done = f"{label} est retiré ; « Annuler » le remet."
        if current_scenario.record("drop_posts", {"posts": [post.id]}, done=done):
            state.update(TeamView, post=None)

    share = state.BoundValue(f"{key}.quotite", post.share, partial(change, "share"))
    share.draw(share_side.selectbox, "Quotité (%)", SHARES)
    home = state.BoundValue(f"{key}.residence", post.residence, partial(change, "residence"))
    home.draw(
        residence_side.selectbox,
        "Résidence administrative",
        [None, *dict.fromkeys((*post.lycees, *staff.plan.members(post.zone)))],
        format_func=lambda x: "à choisir" if x is None else staff.study.name(x),
    )
    drop_side.button(
        "Retirer", icon=":material/person_remove:", key=f"{key}.retirer", on_click=drop
    )
    _exception(staff, post)


def _exception(staff: Staff, post: Post) -> None:
    """Let the user record why a post is in one lycée only, or goes out of its zone."""
    held = staff.people.exceptions.get(post.id)
    cause, note = ("", "") if held is None else (held.cause.value, held.note)
    names = {"": "aucune"} | {each.value: each.label for each in ExceptionCause}
    key, label = f"equipes.exception.{post.id}", staff.label(post)

    def record(cause: str, note: str) -> None:
        data: dict[str, object] = {"post": post.id, "cause": cause or None, "note": note}
        done = f"{label} est une exception : {names[cause]}."
        if not cause:
            done = f"{label} n'est plus une exception."
        current_scenario.record("post_exception", data, done=done)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        chooser(
            "Exception aux postes partagés et dédiés à la zone",
            names,
            state.BoundValue(f"{key}.cause", cause, lambda cause: record(cause, note)),
        )
        if cause:
            state.BoundValue(f"{key}.raison", note, partial(record, cause)).draw(
                st.text_input, "Raison, en quelques mots", max_chars=MAX_NAME
            )
