"""Comments and opinions in the sheet of a scenario: read, asked for, with personal links."""

from datetime import date
from functools import partial

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.french import NBSP, capital, long_date, moment, plural
from geozones.domain.access import SharedLink
from geozones.domain.comments import Comment, Opinion
from geozones.domain.terms import worded
from geozones.export.attributes import rows_bytes, table_name
from geozones.features.comments.model import MAX_QUESTION
from geozones.features.comments.parts.views import AskView, CommentsView, thread
from geozones.features.comments.summary import (
    Feedback,
    count_line,
    history_line,
    mailing_rows,
    opinion_link,
    stance_line,
)
from geozones.features.comments.use_cases import Comments, Opinions
from geozones.ui import current_scenario, opened_data, state
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import open_on_map
from geozones.ui.widgets.sharing import copy_button
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import Work


def waiting_comments() -> dict[str, str]:
    """Return how many comments nobody has treated, in words, by scenario (id)."""
    waiting = _commenting().waiting()
    return {scenario: f"{count} à traiter" for scenario, count in waiting.items()}


def allow_option() -> None:
    """Draw the choice whether visitors of the next link may comment."""
    state.bound(ScenariosView, "comments").draw(
        st.checkbox, "Permettre les commentaires sur ce lien"
    )


def sheet_part(work: Work, study: Study) -> None:
    """Draw how much was said of the versions of a scenario, and the whole in a box."""
    html.show(html.subtitle("Avis et commentaires", heading=htpy.h3))
    said = Feedback(_commenting().of_scenario(_key(work)), _asking().questions(_key(work)))
    lines = [stance_line(said.questions[0][1])] if said.questions else ["aucun avis demandé"]
    lines.append(count_line(said.comments) if said.comments else "aucun commentaire")
    html.show(html.sentence(capital(" · ".join(lines)) + "."))
    box = st.expander(
        "Lire les commentaires, demander un avis",
        key="scenario.avis",
        expanded=state.of(ScenariosView).feedback,
        on_change="rerun",
    )
    if box.open:
        with box:
            links = current_scenario.scenarios().links.of_scenario(_key(work))
            ask_side, said_side = st.columns([1, 1.3], gap="large")
            with said_side:
                _comments(work, said.comments, links)
                _questions(study, work, said)
            if _may_edit(work):
                with ask_side:
                    _ask(study, _key(work), links)


def _key(work: Work) -> str:
    return work.saved.id


def _may_edit(work: Work) -> bool:
    """Tell whether the user may request opinions and see the personal links."""
    return actor().role >= Role.PLANNER and not work.read_only


#: Comments shown at first, the newest first.
_SHOWN = 5


def _comments(work: Work, comments: tuple[Comment, ...], links: tuple[SharedLink, ...]) -> None:
    html.show(html.subtitle("Commentaires", heading=htpy.h4))
    if comments:
        threads = [thread(comment, leads=False) for comment in reversed(comments)]
        rest = threads[_SHOWN:]
        more = plural(len(rest), "commentaire plus ancien", "commentaires plus anciens")
        folded = htpy.details[htpy.summary[more], rest] if rest else None
        html.show(html.stack(*threads[:_SHOWN], folded))
        st.button(
            "Répondre et traiter sur la carte",
            icon=":material/map:",
            key="voix.carte",
            on_click=_treat,
            args=(_key(work),),
        )
    else:
        html.show(html.note("Aucun commentaire sur les versions de ce scénario."))
    for rank, link in enumerate(_open(links)):
        st.toggle(
            f"Commentaires ouverts sur la version du {moment(link.at)}",
            value=link.comments,
            key=f"voix.permettre.{rank}.{link.comments}",
            on_change=_allow,
            args=(link,),
            disabled=not _may_edit(work),
        )


def _treat(scenario: str) -> None:
    """Show the scenario on the map, with the list of its comments."""
    if open_on_map(scenario):
        state.update(CommentsView, opened=True, place=None, sector=None, thread=None)


@state.reporting_errors()
def _allow(link: SharedLink) -> None:
    _commenting().allow(link.token, allowed=not link.comments)


def _open(links: tuple[SharedLink, ...]) -> list[SharedLink]:
    return [link for link in links if link.is_open(today().isoformat())]


def _ask(study: Study, scenario: str, links: tuple[SharedLink, ...]) -> None:
    html.show(html.subtitle(worded("Demander l'avis des {sites}"), heading=htpy.h4))
    open_links = _open(links)
    if not open_links:
        html.show(html.note("Figez d'abord une version : « Lien pour décider »."))
        return
    if state.of(AskView).scenario != scenario:
        state.update(AskView, scenario=scenario, version=None, lycees=())
    names = {link.token: f"Version du {moment(link.at)}" for link in open_links}
    version = chooser(
        "Version", names, state.bound(AskView, "version", default=open_links[0].token)
    )
    state.bound(AskView, "text").draw(
        st.text_area, "Question (obligatoire)", height=80, max_chars=MAX_QUESTION
    )
    plan = study.plan
    lycees = {key: study.name(key) for key in sorted(plan.lycees, key=study.name)}
    chooser(
        worded("{Sites} interrogés (obligatoire)"),
        lycees,
        state.bound(AskView, "lycees"),
        st.multiselect,
        placeholder=worded("Choisir des {sites}"),
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Tous", key="avis.tous", on_click=_choose, args=(tuple(lycees),))
        moved = study.moved
        st.button(
            f"Ceux qui changent de zone ({len(moved)})",
            key="avis.concernes",
            on_click=_choose,
            args=(moved,),
            disabled=not moved,
        )
    closes = state.of(AskView).last_day
    state.bound(AskView, "closes", default=closes).draw(
        st.date_input, "Dernier jour pour répondre", format="DD/MM/YYYY"
    )
    st.button(
        "Demander l'avis",
        type="primary",
        icon=":material/how_to_vote:",
        key="avis.demander",
        on_click=_send,
        args=(study, version, closes),
    )


def _choose(lycees: tuple[str, ...]) -> None:
    state.update(AskView, lycees=lycees)


@state.reporting_errors()
def _send(study: Study, version: str, closes: date) -> None:
    typed = state.of(AskView)
    asked = _asking().ask(version, study, typed.text, typed.lycees, closes.isoformat())
    state.update(AskView, lycees=())
    state.notify("ok", f"{plural(len(asked), 'lien personnel', 'liens personnels')} à envoyer.")


def _questions(study: Study, work: Work, said: Feedback) -> None:
    html.show(html.subtitle("Avis reçus", heading=htpy.h4))
    asked = said.questions
    if not asked:
        html.show(html.note("Aucun avis n'est demandé sur les versions de ce scénario."))
    for question, opinions in asked:
        until = f"Jusqu'au {long_date(question.closes)}"
        html.show(
            html.stack(
                html.sentence(f"« {question.text} »"),
                html.note(f"{until}. {stance_line(opinions)}."),
                _table(opinions),
            )
        )
    if not asked or not _may_edit(work):
        return
    for rank, (question, opinions) in enumerate(_asking().personal_links(_key(work))):
        html.show(html.note(f"Liens personnels de « {question.text} »"))
        base = address.app_address()
        communes = {each.lycee: _commune(study, each.lycee) for each in opinions}
        download_button(
            "Les liens personnels, pour un publipostage (.csv)",
            partial(rows_bytes, mailing_rows(question, opinions, base, communes)),
            file_name=table_name("liens", work.name),
            mime="text/csv",
            icon=":material/mail:",
            key=f"avis.liens.{rank}",
        )
        with st.expander(worded("Liens, un par {site}")):
            lines = [
                (each.name, copy_button(opinion_link(base, each), "Copier le lien"))
                for each in opinions
            ]
            html.show(
                html.table(
                    worded("Chaque lien est celui {of_a_site}"), (worded("{Site}"), "Lien"), lines
                )
            )


def _commune(study: Study, lycee_id: str) -> str:
    known = study.territory.lycees.get(lycee_id)
    return "" if known is None else known.commune


def _table(opinions: tuple[Opinion, ...]) -> htpy.Element:
    rows = [
        (
            each.name,
            f"sans{NBSP}réponse" if each.stance is None else str(each.stance),
            htpy.span(".gz-typed")[each.reason],
            _answered(each),
        )
        for each in opinions
    ]
    return html.table(
        "Réponses",
        (worded("{Site}"), "Avis", "Motif", "Par"),
        rows,
        hidden_caption=True,
        stacks=True,
    )


def _answered(opinion: Opinion) -> htpy.Renderable:
    """Return who answered and when, and the earlier answers if an answer was changed."""
    if opinion.stance is None:
        return htpy.fragment[""]
    history = history_line(opinion)
    return htpy.fragment[
        f"{opinion.signed}, {long_date(opinion.at)}", history and htpy.br, history or None
    ]


def _commenting() -> Comments:
    return Comments(opened_data.store, actor())


def _asking() -> Opinions:
    return Opinions(opened_data.store, actor())
