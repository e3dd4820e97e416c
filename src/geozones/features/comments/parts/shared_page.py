"""Opinion of a lycée after its sheet, and comments: parts of the pages that links open."""

from dataclasses import replace

import htpy
import streamlit as st

from geozones.common.french import long_date, moment, number, plural
from geozones.domain.comments import Opinion, Question, Stance
from geozones.domain.terms import terms, worded
from geozones.export import Dossier
from geozones.export.dossier import SiteSheet
from geozones.features.comments.model import MAX_COMMENT_LENGTH, called, places_of
from geozones.features.comments.parts.views import OpinionView, SpeakView, thread
from geozones.features.comments.summary import Feedback, history_line
from geozones.features.comments.use_cases import Comments, Opinions, feedback_on
from geozones.metrics.metric_changes import FigureEffect
from geozones.ui import opened_data, state
from geozones.ui.feature_parts import PersonalLink
from geozones.ui.state.page_views import SharedView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import notice_box
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR

#: Keys of the first field, alone in its box, and of the button that opens the form again.
_FIRST, _CHANGE = "gz-opinion-stance", "avis.changer"
_LABELS = {stance.value: stance.value.capitalize() for stance in Stance}


def opinion_page(token: str) -> PersonalLink:
    """Return the page of a personal link; raise as `Opinions.asked`."""
    question, opinion = _service().asked(token)

    def feedback() -> Feedback:
        # a lycée answers without seeing the others' answers
        return replace(feedback_on(opened_data.store, question.version), questions=())

    def draw(shown: Dossier) -> None:
        sheets = [sheet for sheet in shown.sheets if sheet.lycee == opinion.lycee]
        html.show(htpy.fragment[[_site_sheet(sheet) for sheet in sheets]])
        _opinion(question, opinion)

    return PersonalLink(question.version, feedback, draw)


def _opinion(question: Question, opinion: Opinion) -> None:
    """Draw the question, the opinion given so far, and the form to give or change it."""
    still = question.is_open(_service().today)
    with st.container(key="gz-opinion", border=True):
        by = "" if question.author == LOCAL.name else f"Question de {question.author}. "
        html.show(
            htpy.fragment[
                html.kicker(f"L'avis de votre {terms().site} est demandé · {opinion.name}"),
                htpy.h2(".gz-subtitle")[question.text],
                html.remark(
                    f"{by}Ce lien est celui de votre {terms().site} : une seule réponse "
                    f"compte, la dernière ; vous pouvez la changer jusqu'au {_day(question)}. Le "
                    "scénario entier est ci-dessous."
                ),
            ]
        )
        notice_box()
        if opinion.stance is not None:
            end = (
                ""
                if still
                else f" Le délai est passé depuis le {_day(question)} : l'avis ne change plus."
            )
            text = (
                f"Avis {opinion.stance}, donné par {opinion.signed} le {moment(opinion.at)}.{end}"
            )
            reason = opinion.reason and htpy.p(".gz-typed")[opinion.reason]
            history = history_line(opinion, moment)
            before = history and html.note(f"{history}. La dernière compte.")
            html.show(htpy.div(".gz-opinion-given")[html.sentence(text), reason, before])
            if still and not state.of(OpinionView).changing:
                st.button("Changer cet avis", key=_CHANGE, on_click=_change, args=(opinion,))
        if not still:
            if opinion.stance is None:
                html.show(html.note(f"Les avis étaient attendus jusqu'au {_day(question)}."))
        elif opinion.stance is None or state.of(OpinionView).changing:
            _form(opinion.token)


def _service() -> Opinions:
    return Opinions(opened_data.store, VISITOR)


def _day(question: Question) -> str:
    return long_date(question.closes)


def _form(token: str) -> None:
    with st.container(key=_FIRST):
        # nothing is preselected: the lycée chooses
        chooser(
            "Votre avis (obligatoire)",
            _LABELS,
            state.bound(OpinionView, "stance"),
            placeholder="Favorable, réservé ou défavorable",
        )
    state.bound(OpinionView, "reason").draw(
        st.text_area, "Pourquoi (obligatoire pour un avis réservé ou défavorable)", height=100
    )
    state.bound(OpinionView, "name").draw(
        st.text_input, "Votre nom ou votre fonction (obligatoire)", autocomplete="name"
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
    state.ask_focus(_FIRST)


@state.reporting_errors()
def _give(token: str) -> None:
    typed = state.of(OpinionView)
    stance = None if typed.stance is None else Stance(typed.stance)
    _service().give(token, stance, typed.reason, typed.name)
    state.forget(OpinionView)
    state.notify("ok", "Votre avis est enregistré. Merci.")
    state.ask_focus(_CHANGE)


def _site_sheet(sheet: SiteSheet) -> htpy.Renderable:
    """Return what the plan means for a lycée: what gets worse first, then facts and doubts."""
    told = ("Avant", "Après") if sheet.is_compared else ("Dans ce plan",)
    heads = ("Situation", *told)
    nothing = "Rien ne change pour votre {site} dans ce scénario."
    what_changes = "Ce que cela change pour votre {site}" if sheet.changes else nothing
    return htpy.section(".gz-site-sheet", aria_label=f"Fiche : {sheet.name}")[
        html.subtitle(sheet.name),
        html.sentence(worded(what_changes)),
        _listed(FigureEffect.WORSE, sheet.worse),
        html.table(f"Faits, {sheet.name}", heads, sheet.rows, hidden_caption=True, stacks=True),
        _listed("Jours de présence", (sheet.presence,) if sheet.presence else ()),
        _listed("En cas d'absence, qui vient", sheet.cover),
        _listed("À confirmer", sheet.doubts),
        sheet.dates
        and htpy.details[htpy.summary["Calendrier"], html.bullets(sheet.dates, "gz-steps")],
    ]


def _listed(title: str, lines: tuple[str, ...]) -> htpy.Renderable | None:
    if not lines:
        return None
    heading = html.subtitle(title, heading=htpy.h3)
    return htpy.fragment[heading, html.bullets(lines, "gz-steps")]


def comments_part(token: str, study: Study, leads: bool) -> None:  # noqa: FBT001 - handed on
    """Draw the comments on a version, if it has some, and the form, if its link allows them.

    ``leads``: the map is shown, and the place of a comment leads to it.
    """
    allowed, shown = _comment_service().by_link(token)
    if shown:
        with st.container(key="gz-after-threads"):
            most = state.of(SpeakView).most
            listed = [thread(comment, leads=leads) for comment in shown[: -most - 1 : -1]]
            # beside the form the list scrolls: the keyboard must reach it
            attributes = {"aria_label": plural(len(shown), "commentaire"), "tabindex": "0"}
            threads = htpy.section(".gz-voices", **attributes)[listed]
            html.show(htpy.fragment[html.subtitle("Commentaires"), threads])
            if len(shown) > most:
                st.button(
                    f"Montrer les précédents ({len(shown) - most})",
                    key="partage.precedents",
                    on_click=_more,
                )
            if not allowed:
                html.show(html.note("Ce lien ne prend plus de commentaire."))
    if allowed:
        with st.container(key="gz-after-speak"):
            html.show(html.subtitle("Laisser un commentaire"))
            _speak(token, study)


def _comment_service() -> Comments:
    return Comments(opened_data.store, VISITOR)


def _more() -> None:
    state.update(SpeakView, most=state.of(SpeakView).most + SpeakView().most)


def follow_selection() -> None:
    """Have the next comment be about the place selected last on the map."""
    state.update(SpeakView, place=None)


def _speak(token: str, study: Study) -> None:
    places = places_of(study)
    with st.container(key="gz-speak", border=True):
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
                "Ce dont vous parlez (obligatoire)",
                names,
                bound,
                placeholder=worded("Tout le plan, un secteur, une zone, {a_site}"),
            )
        with name_side:
            state.bound(SpeakView, "name").draw(
                st.text_input, "Votre nom ou votre fonction (obligatoire)", autocomplete="name"
            )
        state.bound(SpeakView, "text").draw(
            st.text_area, "Votre commentaire (obligatoire)", height=80
        )
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
    _comment_service().leave(
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
