"""The editor of a webinar's story: its steps in order, and what one of them shows and says."""

from collections.abc import Callable

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.story import MAX_TEXT, MAX_TITLE, Step, StepKind, Story, retold
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.ui.components.chooser import distinct
from geozones.workspace import ReadyStory, Work, Workspace, story_choices, story_of

_ADD = "webinaire.ajout"
_GONE = "n'est plus dans le plan"

type Choice = tuple[StepKind, str | None]
type Labels = dict[Choice, str]
type Make = Callable[[Story], Story]


def story_editor(workspace: Workspace, work: Work, story: Story, told: ReadyStory) -> None:
    """Draw the editor; each change is saved at once with the scenario."""
    labels = distinct(story_choices(workspace, work.plan))
    rank = state.story_step(len(story.steps) - 1)
    list_side, step_side = st.columns([1, 1.15], gap="medium")
    with list_side:
        st.html('<h2 class="gz-subtitle">Les étapes</h2>')
        _list(work, story, labels, told, rank)
        _whole(workspace, work)
    with step_side:
        st.html(f'<h2 class="gz-subtitle">Étape {rank + 1}</h2>')
        _step(workspace, work, story, labels, rank)
        _order(workspace, story, rank)
        _add(workspace, labels, rank)


def _list(work: Work, story: Story, labels: Labels, told: ReadyStory, rank: int) -> None:
    def line(place: int) -> str:
        step = story.steps[place]
        shown = _called(step, labels)
        title = f"{step.title} ({shown})" if step.title else shown
        gone = " — passée" if place in told.skipped else ""
        return html.unmarked(f"{place + 1}. {title}{gone}")

    # Streamlit tells options by their labels: another story is another widget
    key = f"webinaire.etapes.{work.timeline.head}"
    state.put(key, rank)
    st.radio(
        "Étapes du webinaire",
        range(len(story.steps)),
        format_func=line,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: state.set_story_step(int(state.widget(key))),
    )


def _called(step: Step, labels: Labels) -> str:
    return labels.get((step.kind, step.target), f"{step.target} {_GONE}")


def _step(workspace: Workspace, work: Work, story: Story, labels: Labels, rank: int) -> None:
    """Let the presenter say what a step shows, and in which words."""
    step = story.steps[rank]
    shown = (step.kind, step.target)
    # a step that changed is another form: nothing typed for one is left in the other
    form = f"{work.timeline.head}.{rank}"
    what, title, text = (f"webinaire.{name}.{form}" for name in ("montre", "titre", "texte"))
    known = list(labels) if shown in labels else [shown, *labels]
    st.selectbox(
        "Montrer",
        known,
        index=known.index(shown),
        format_func=lambda choice: _called(Step(*choice), labels),
        key=what,
    )
    st.text_input(
        "Titre", step.title, key=title, max_chars=MAX_TITLE, placeholder="Celui que l'outil propose"
    )
    st.text_area(
        "Texte sous le titre",
        step.text,
        key=text,
        max_chars=MAX_TEXT,
        height=110,
        placeholder="Les phrases que l'outil propose ; les chiffres restent dans tous les cas",
    )

    def save() -> None:
        kind, target = state.widget(what)
        told = Step(kind, target)
        words = [str(state.widget(name) or "") for name in (title, text)]
        _change(workspace, lambda now: now.changed(rank, retold(told, *words)), rank)

    st.button(
        "Enregistrer l'étape",
        type="primary",
        icon=":material/save:",
        key="webinaire.enregistrer",
        on_click=save,
    )


def _order(workspace: Workspace, story: Story, rank: int) -> None:
    last = len(story.steps) - 1
    acts: tuple[tuple[str, str, bool, Make, int], ...] = (
        ("Monter", "arrow_upward", rank > 0, lambda now: now.moved(rank, rank - 1), rank - 1),
        (
            "Descendre",
            "arrow_downward",
            rank < last,
            lambda now: now.moved(rank, rank + 1),
            rank + 1,
        ),
        ("Retirer", "delete", last > 0, lambda now: now.removed(rank), min(rank, last - 1)),
    )
    with st.container(horizontal=True):
        for label, icon, possible, make, then in acts:
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"webinaire.{icon}",
                disabled=not possible,
                on_click=_change,
                args=(workspace, make, then),
            )


def _add(workspace: Workspace, labels: Labels, rank: int) -> None:
    with st.expander("Ajouter une étape après celle-ci", icon=":material/add:"):
        st.selectbox("Montrer", list(labels), format_func=labels.__getitem__, key=_ADD)
        st.button(
            "Ajouter l'étape",
            key="webinaire.ajouter",
            on_click=lambda: _change(
                workspace, lambda now: now.added(Step(*state.widget(_ADD)), rank + 1), rank + 1
            ),
        )


def _whole(workspace: Workspace, work: Work) -> None:
    """Offer to take the last change back, and to start again from the proposed story."""
    path = work.timeline.path
    with st.container(horizontal=True):
        st.button(
            "Annuler",
            icon=":material/undo:",
            key="webinaire.annuler",
            disabled=not path or path[-1].kind != "story",
            on_click=desk.step,
            args=(workspace, "undo"),
        )
        st.button(
            "Revenir au récit proposé",
            icon=":material/restart_alt:",
            key="webinaire.proposer",
            disabled=work.state.story is None,
            on_click=_propose,
            args=(workspace,),
        )


def _change(workspace: Workspace, make: Make, rank: int) -> None:
    """Save what is made of the story as it is now, and work on one of its steps.

    The story on screen at the click may be older than the last change.
    """
    try:
        story = make(story_of(workspace, desk.current(workspace)))
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    if _record(workspace, story):
        state.set_story_step(rank)


def _propose(workspace: Workspace) -> None:
    _record(workspace, None)


def _record(workspace: Workspace, story: Story | None) -> bool:
    steps = None if story is None else story.as_json()
    if not desk.record(workspace, "story", {"steps": steps}):
        return False
    state.notify("ok", "Le récit est enregistré avec le scénario.")
    return True
