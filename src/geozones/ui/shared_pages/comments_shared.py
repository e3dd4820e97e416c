"""Comments on the page of a shared link, and the form to leave one."""

import htpy
import streamlit as st

from geozones.common.french import number, plural
from geozones.domain.comments import MAX_COMMENT_LENGTH, Comment
from geozones.domain.terms import worded
from geozones.ui import state, store_handle
from geozones.ui.state import address
from geozones.ui.state.comment_views import SpeakView
from geozones.ui.state.shared_views import SharedView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.comment_threads import thread
from geozones.ui.widgets.notice_box import notice_box
from geozones.workspace.comments.places import called, places_of
from geozones.workspace.comments.service import Comments
from geozones.workspace.roles import VISITOR
from geozones.workspace.study import Study


def comments_part(token: str, study: Study) -> None:
    """Draw the comments on a version, if its link allows comments or has some."""
    allowed, shown = _service().by_link(token)
    if not allowed and not shown:
        return
    html.show(html.subtitle("Commentaires"))
    most = state.of(SpeakView).most
    html.show(_threads(shown, most))
    if len(shown) > most:
        st.button(
            f"Montrer les précédents ({len(shown) - most})",
            key="partage.precedents",
            on_click=_more,
        )
    if allowed:
        _speak(token, study)
    else:
        html.show(html.note("Ce lien ne prend plus de commentaire."))


def _service() -> Comments:
    return Comments(store_handle.store, VISITOR, address.now)


def _more() -> None:
    state.update(SpeakView, most=state.of(SpeakView).most + SpeakView().most)


def _threads(shown: tuple[Comment, ...], most: int) -> htpy.Element:
    if not shown:
        return html.note("Aucun commentaire encore : le vôtre sera le premier.")
    return htpy.section(".gz-voices", aria_label=plural(len(shown), "commentaire"))[
        [thread(comment) for comment in shown[: -most - 1 : -1]]
    ]


def _speak(token: str, study: Study) -> None:
    places = places_of(study)
    with st.container(key="gz-speak", border=True):
        html.show(htpy.h3(".gz-subtitle")["Laisser un commentaire"])
        notice_box()
        view, seen = state.of(SpeakView), state.of(SharedView)
        chosen = f"lycee:{seen.lycee}" if seen.lycee else f"zone:{seen.zone}" if seen.zone else None
        bound: state.BoundValue[str | None] = state.BoundValue(
            "SpeakView.place", view.place or chosen, lambda key: state.update(SpeakView, place=key)
        )
        names: dict[str | None, str] = {key: called(about) for key, about in places.items()}
        place_side, name_side = st.columns(2)
        with place_side:
            place = chooser(
                worded("{Site}, zone ou secteur dont vous parlez"),
                names,
                bound,
                placeholder="Choisissez, ou cliquez sur la carte",
            )
        with name_side:
            state.bound(SpeakView, "name").draw(
                st.text_input, "Votre nom ou votre fonction", autocomplete="name"
            )
        state.bound(SpeakView, "text").draw(st.text_area, "Votre commentaire", height=80)
        html.show(
            html.remark(
                f"{number(MAX_COMMENT_LENGTH)} signes au plus. Il est lu par tous ceux qui ont ce "
                "lien, avec le nom que vous donnez ; aucune adresse n'est demandée. Pour faire "
                "effacer votre nom, écrivez à la personne qui vous a donné le lien."
            )
        )
        st.button(
            "Envoyer le commentaire",
            type="primary",
            icon=":material/send:",
            key="partage.commenter",
            on_click=_send,
            args=(token, study, place),
        )


@state.reporting_errors()
def _send(token: str, study: Study, place: str | None) -> None:
    typed = state.of(SpeakView)
    _service().leave(
        token, study, place or "", (typed.name, typed.text), st.context.ip_address or ""
    )
    state.update(SpeakView, text="", place=None)
    state.notify("ok", "Votre commentaire est envoyé : il est en tête de la liste.")


def unsent() -> htpy.Element | None:
    """Return the unsent text of a comment when the link was closed, so that it is not lost."""
    text = state.of(SpeakView).text
    if not text.strip():
        return None
    note = html.note("Votre commentaire n'est pas envoyé ; le voici, pour le garder :")
    return htpy.section(".gz-dead-text")[note, htpy.p(".gz-typed")[text]]
