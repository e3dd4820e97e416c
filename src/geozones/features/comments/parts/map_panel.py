"""Comments on the versions of the scenario on screen, in the panel of the map."""

from contextlib import suppress
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.domain.comments import Comment, Opinion, PlaceKind, Ruling, Treatment
from geozones.features.comments.model import called, key_of, sector_of
from geozones.features.comments.parts.views import CommentsView, thread
from geozones.features.comments.summary import Feedback, stance_line
from geozones.features.comments.use_cases import AskedOpinions, Comments, Opinions
from geozones.ui import opened_data, state
from geozones.ui.feature_parts import MapPart
from geozones.ui.server.auth import actor
from geozones.ui.state.carte_views import Selection, VigilanceView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import filter_by, filter_by_sector
from geozones.ui.widgets.territory_map import feedback_signs
from geozones.workspace.figures.study import Study

_TREATMENTS: dict[str | None, str] = {
    None: "Toutes les suites",
    Treatment.OPEN.value: "À traiter",
    Treatment.TAKEN.value: "Pris en compte",
    Treatment.DECLINED.value: "Non retenus",
}
#: Prefix of the names of threads and places in clicks.
FEEDBACK = "voix"


def read_map_part(study: Study, scenario: str | None) -> MapPart:
    """Read the comments and opinions on a scenario (id); none for ``None``.

    If the store does not answer, none are read: the error is shown beside the scenario.
    """
    comments: tuple[Comment, ...] = ()
    questions: AskedOpinions = ()
    if scenario is not None:
        with suppress(GeozonesError):
            asking = Opinions(opened_data.store, actor())
            comments, questions = _service().of_scenario(scenario), asking.questions(scenario)
    shown = tuple(comment for comment in comments if not comment.hidden)
    feedback = Feedback(shown, questions)
    panel = partial(_panel, study, comments, feedback)
    return MapPart(feedback.marks, _link(len(comments), feedback), panel)


def _link(count: int, feedback: Feedback) -> htpy.Element | None:
    """Return the link that opens the list, with the counts; ``None`` if there is nothing."""
    asked = _asked(feedback)
    given = sum(opinion.stance is not None for opinion in asked)
    parts = [f"Commentaires ({count})"] if count else []
    parts += [f"Avis ({given} sur {len(asked)})"] if asked else []
    return html.go(f"{FEEDBACK}:", ", ".join(parts)) if parts else None


def _asked(feedback: Feedback) -> tuple[Opinion, ...]:
    """Return the opinions of the lycées asked last."""
    return feedback.questions[0][1] if feedback.questions else ()


def on_feedback(name: str) -> None:
    """Handle a click on the list, on a place, or on a thread (``fil:ID``), which it toggles."""
    kind, _, which = name.partition(":")
    view = state.of(CommentsView)
    state.update(VigilanceView, opened=False)
    if kind == "fil":
        state.update(CommentsView, thread=None if view.thread == which else which)
        return
    sector_id = state.of(Selection).sector if not name else None
    state.update(CommentsView, opened=True, place=name or None, sector=sector_id, thread=None)


def _panel(study: Study, every: tuple[Comment, ...], feedback: Feedback) -> None:
    """Show the comments, filtered, each with its actions."""
    view = state.of(CommentsView)
    with st.container(key="gz-voices"):
        st.button(
            "Fermer la liste",
            icon=":material/close:",
            key="commentaires.fermer",
            on_click=_close,
            type="tertiary",
        )
        asked = _asked(feedback)
        line = None
        if asked:
            line = html.note(f"« {feedback.questions[0][0].text} » {stance_line(asked)}.")
        html.show(html.stack(line, feedback_signs(feedback.marks(study))))
        with st.container(horizontal=True, gap="small"):
            filter_by("Suite donnée", _TREATMENTS, state.bound(CommentsView, "treatment"))
            filter_by_sector(study.plan, state.bound(CommentsView, "sector"))
        if view.place is not None:
            st.button("Montrer tous les lieux", key="commentaires.tous", on_click=_everywhere)
        shown = [comment for comment in every if _is_shown(study, comment)]
        title = plural(len(shown), "commentaire") if shown else "Aucun commentaire"
        whole = title if len(shown) == len(every) else f"{title} sur {len(every)}"
        html.show(htpy.h3[whole])
        for comment in shown[: -view.most - 1 : -1]:
            _one(study, comment)
        if len(shown) > view.most:
            st.button(
                f"Montrer les suivants ({len(shown) - view.most})",
                key="commentaires.suivants",
                on_click=_more,
            )


def _is_shown(study: Study, comment: Comment) -> bool:
    view = state.of(CommentsView)
    return (
        (view.treatment is None or comment.ruling.treatment.value == view.treatment)
        and (view.sector is None or sector_of(study.plan, comment.about) == view.sector)
        and (view.place is None or key_of(comment.about) == view.place)
    )


def _one(study: Study, comment: Comment) -> None:
    gone = comment.about.kind is not PlaceKind.PLAN and not sector_of(study.plan, comment.about)
    opened = state.of(CommentsView).thread == comment.id
    act = html.go(
        f"{FEEDBACK}:fil:{comment.id}",
        "Fermer" if opened else "Répondre, traiter",
        label=f"{'Fermer' if opened else 'Répondre, traiter'} : {called(comment.about)}",
    )
    note = htpy.span(".gz-remark")["Ce lieu n'est plus dans ce plan."] if gone else None
    html.show(thread(comment, note, act, leads=not gone))
    if opened:
        with st.container(border=True, key="gz-voice-work"):
            # draw a planner's actions on a comment: answer, rule, hide, erase the name
            key = comment.id
            _typed("answers", key).draw(st.text_area, "Votre réponse (obligatoire)", height=80)
            _button("Répondre", "repondre", _answer, key)
            ruling = comment.ruling
            _typed("rulings", key, ruling.treatment.value).draw(
                st.segmented_control,
                "Suite donnée",
                [treatment.value for treatment in Treatment],
                required=True,
            )
            _typed("reasons", key, ruling.reason).draw(
                st.text_input, f"Motif (obligatoire, sauf « {Treatment.OPEN} »)"
            )
            _button("Enregistrer la suite", "traiter", partial(_rule, ruling), key)
            with st.expander("Modérer"):
                if comment.hidden:
                    _button("Montrer à nouveau", "montrer", _show, key)
                else:
                    _typed("hiding", key).draw(st.text_input, "Motif pour masquer (obligatoire)")
                    _button("Masquer ce commentaire", "masquer", _hide, key)
                if comment.author:
                    with st.popover("Effacer le nom…"):
                        _button("Effacer le nom, pour toujours", "effacer", _erase, key)


def _typed(field: str, key: str, default: str = "") -> "state.BoundValue[Any]":
    return state.bound(CommentsView, field, item=key, default=default)


def _button(label: str, name: str, act: Any, key: str) -> None:  # noqa: ANN401 - a callback
    st.button(label, key=f"commentaires.{name}", on_click=act, args=(key,))


def _answer(key: str) -> None:
    text = state.of(CommentsView).answers.get(key, "")
    if _done(partial(_service().answer, key, text), "Votre réponse est sous le commentaire."):
        state.drop_item(CommentsView, "answers", item=key)


def _rule(shown: Ruling, key: str) -> None:
    view = state.of(CommentsView)
    treatment = Treatment(view.rulings.get(key, shown.treatment.value))
    reason = view.reasons.get(key, shown.reason)
    if _done(partial(_service().rule, key, treatment, reason), f"Suite enregistrée : {treatment}."):
        state.drop_item(CommentsView, "rulings", "reasons", item=key)


def _hide(key: str) -> None:
    why = state.of(CommentsView).hiding.get(key, "")
    if _done(partial(_service().hide, key, why), "Ce commentaire est masqué sur le lien."):
        state.drop_item(CommentsView, "hiding", item=key)


def _show(key: str) -> None:
    _done(partial(_service().show, key), "Ce commentaire est montré à nouveau.")


def _erase(key: str) -> None:
    _done(partial(_service().erase_name, key), "Le nom est effacé ; le texte reste.")


def _done(act: Any, message: str) -> bool:  # noqa: ANN401 - a use case, whose answer is not needed
    with state.reporting_errors():
        act()
        state.notify("ok", message)
        return True
    return False


def _more() -> None:
    state.update(CommentsView, most=state.of(CommentsView).most + CommentsView().most)


def _everywhere() -> None:
    state.update(CommentsView, place=None)


def _close() -> None:
    state.update(CommentsView, opened=False)


def _service() -> Comments:
    return Comments(opened_data.store, actor())
