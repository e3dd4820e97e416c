"""Opinion form of a lycée, opened by its personal link, above the proposal."""

import htpy
import streamlit as st

from geozones.common.french import long_date, moment
from geozones.domain.opinions import Opinion, Question, Stance
from geozones.domain.terms import terms
from geozones.ui import state, store_handle
from geozones.ui.state import address
from geozones.ui.state.comment_views import OpinionView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.notice_box import notice_box
from geozones.workspace.comments.asking import Opinions
from geozones.workspace.comments.summary import history_line
from geozones.workspace.roles import LOCAL, VISITOR

_LABELS = {stance.value: stance.value.capitalize() for stance in Stance}


def asked_version_of(token: str) -> str:
    """Return the version (its token) of a personal link; raise as `Opinions.asked`."""
    question, _ = _service().asked(token)
    return question.version


def lycee_of(token: str) -> str:
    """Return the lycée (id) of a personal link; raise as `Opinions.asked`."""
    _, opinion = _service().asked(token)
    return opinion.lycee


def opinion_part(token: str) -> None:
    """Draw the question, the opinion given so far, and the form to give or change it."""
    question, opinion = _service().asked(token)
    still = question.is_open(_service().today)
    with st.container(key="gz-opinion", border=True):
        html.show(_head(question, opinion))
        notice_box()
        if opinion.stance is not None:
            html.show(_given(opinion, question, still=still))
            if still and not state.of(OpinionView).changing:
                st.button("Changer cet avis", key="avis.changer", on_click=_change, args=(opinion,))
        if not still:
            if opinion.stance is None:
                html.show(html.note(f"Les avis étaient attendus jusqu'au {_day(question)}."))
        elif opinion.stance is None or state.of(OpinionView).changing:
            _form(token)


def _service() -> Opinions:
    return Opinions(store_handle.store, VISITOR, address.now)


def _day(question: Question) -> str:
    return long_date(question.closes)


def _by(question: Question) -> str:
    return "" if question.author == LOCAL.name else f"Question de {question.author}. "


def _head(question: Question, opinion: Opinion) -> htpy.Renderable:
    return htpy.fragment[
        html.kicker(f"L'avis de votre {terms().site} est demandé · {opinion.name}"),
        htpy.h2(".gz-subtitle")[question.text],
        html.remark(
            f"{_by(question)}Ce lien est celui de votre {terms().site} : une seule réponse "
            f"compte, la dernière ; vous pouvez la changer jusqu'au {_day(question)}. Le "
            "scénario est ci-dessous."
        ),
    ]


def _given(opinion: Opinion, question: Question, *, still: bool) -> htpy.Element:
    end = (
        "" if still else f" Le délai est passé depuis le {_day(question)} : l'avis ne change plus."
    )
    text = (
        f"Avis {opinion.stance}, donné par {opinion.signed} le "
        f"{moment(address.local(opinion.at))}.{end}"
    )
    reason = opinion.reason and htpy.p(".gz-typed")[opinion.reason]
    history = history_line(opinion, lambda at: moment(address.local(at)))
    before = history and html.note(f"{history}. La dernière compte.")
    return htpy.div(".gz-opinion-given")[html.sentence(text), reason, before]


def _form(token: str) -> None:
    # nothing is preselected: the lycée chooses
    chooser(
        "Votre avis",
        _LABELS,
        state.bound(OpinionView, "stance"),
        placeholder="Favorable, réservé ou défavorable",
    )
    state.bound(OpinionView, "reason").draw(
        st.text_area, "Pourquoi (demandé pour un avis réservé ou défavorable)", height=100
    )
    state.bound(OpinionView, "name").draw(
        st.text_input, "Votre nom ou votre fonction", autocomplete="name"
    )
    st.button(
        "Envoyer l'avis",
        type="primary",
        icon=":material/send:",
        key="avis.envoyer",
        on_click=_give,
        args=(token,),
    )


def _change(opinion: Opinion) -> None:
    stance = None if opinion.stance is None else opinion.stance.value
    state.update(
        OpinionView, changing=True, stance=stance, reason=opinion.reason, name=opinion.author
    )
    state.clear_notice()


@state.reporting_errors()
def _give(token: str) -> None:
    typed = state.of(OpinionView)
    stance = None if typed.stance is None else Stance(typed.stance)
    _service().give(token, stance, typed.reason, typed.name)
    state.forget(OpinionView)
    state.notify("ok", "Votre avis est enregistré. Merci.")
