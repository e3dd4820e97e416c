"""Part « Webinaire » of the page « Partager »: editor of the story, and the show."""

from collections.abc import Callable

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.domain.story import MAX_TEXT, MAX_TITLE, StepKind, Story, StoryStep, reworded
from geozones.export.file_parts import slug, typeset
from geozones.export.webinar import webinar_page
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.state import address
from geozones.ui.state.page_views import ShareView, StoryView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import distinct
from geozones.ui.widgets.scenario_bar import step_button, undo_asked
from geozones.ui.widgets.sharing import link_box, show_word, webinar_show, whole_link
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.exported_plan import of_work
from geozones.workspace.study import Study
from geozones.workspace.webinar.bundle import standing_of
from geozones.workspace.webinar.story import ReadyStory, make_webinar, story_choices, story_of

_GONE = "n'est plus dans le plan"

type Choice = tuple[StepKind, str | None]
type Labels = dict[Choice, str]
type Make = Callable[[Story], Story]


def story_editor(study: Study, work: Work, story: Story, ready: ReadyStory) -> None:
    """Draw the editor; each change is saved at once with the scenario."""
    labels = distinct(story_choices(ledger(), study.plan))
    rank = step_at_work(story)
    list_side, step_side = st.columns([1, 1.15], gap="medium")
    with list_side:
        html.show(html.subtitle("Les étapes"))
        _list(work, story, labels, ready, rank)
        _whole(work)
    with step_side:
        html.show(html.subtitle(f"Étape {rank + 1}"))
        _step(work, story, labels, rank)
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
                    args=(make, then),
                )
        _add(labels, rank)


def step_at_work(story: Story) -> int:
    """Return the rank of the step being edited, from 0; the last if the story is now shorter."""
    return min(max(state.of(StoryView).step, 0), len(story.steps) - 1)


def _list(work: Work, story: Story, labels: Labels, ready: ReadyStory, rank: int) -> None:
    def line(place: int) -> str:
        step = story.steps[place]
        shown = _step_name(step, labels)
        title = f"{step.title} ({shown})" if step.title else shown
        gone = " — passée" if place in ready.skipped else ""
        return html.unmarked(f"{place + 1}. {title}{gone}")

    def go(step: int) -> None:
        state.update(StoryView, step=step)

    # the browser identifies options by their labels: another story needs another widget
    state.BoundValue(f"StoryView.step.{work.timeline.head}", rank, go).draw(
        st.radio,
        "Étapes du webinaire",
        range(len(story.steps)),
        format_func=line,
        label_visibility="collapsed",
    )


def _step_name(step: StoryStep, labels: Labels) -> str:
    return labels.get((step.kind, step.target), f"{step.target} {_GONE}")


def _step(work: Work, story: Story, labels: Labels, rank: int) -> None:
    """Let the presenter choose the view and the words of a step."""
    step = story.steps[rank]
    shown = (step.kind, step.target)
    # a changed step gets another form, so that no typed text carries over
    form = f"{work.timeline.head}.{rank}"
    known = list(labels) if shown in labels else [shown, *labels]
    state.bound(StoryView, "shown", item=form, default=shown).draw(
        st.selectbox,
        "Montrer",
        known,
        format_func=lambda choice: _step_name(StoryStep(*choice), labels),
    )
    state.bound(StoryView, "titles", item=form, default=step.title).draw(
        st.text_input, "Titre", max_chars=MAX_TITLE, placeholder="Celui que l'outil propose"
    )
    state.bound(StoryView, "texts", item=form, default=step.text).draw(
        st.text_area,
        "Texte sous le titre",
        max_chars=MAX_TEXT,
        height=110,
        placeholder="Les phrases que l'outil propose ; les chiffres restent dans tous les cas",
    )

    def save() -> None:
        # the text is read at the click: the last drawing may not have it yet
        typed = state.of(StoryView)
        wanted = StoryStep(*typed.shown.get(form, shown))
        words = (typed.titles.get(form, step.title), typed.texts.get(form, step.text))
        _change(lambda now: now.changed(rank, reworded(wanted, *words)), rank)

    st.button(
        "Enregistrer l'étape",
        type="primary",
        icon=":material/save:",
        key="webinaire.enregistrer",
        on_click=save,
    )


def _add(labels: Labels, rank: int) -> None:
    with st.expander("Ajouter une étape après celle-ci"):
        added = state.bound(StoryView, "added").draw(
            st.selectbox, "Montrer", list(labels), format_func=labels.__getitem__
        )

        def add() -> None:
            new = StoryStep(*(state.of(StoryView).added or added))
            _change(lambda now: now.added(new, rank + 1), rank + 1)

        st.button("Ajouter l'étape", key="webinaire.ajouter", on_click=add)


def _whole(work: Work) -> None:
    """Offer to undo the last change, and to return to the proposed story."""
    path = work.timeline.path
    with st.container(horizontal=True):
        step_button("undo", "webinaire.annuler", disabled=not path or path[-1].kind != "story")
        st.button(
            "Revenir au récit proposé",
            icon=":material/restart_alt:",
            key="webinaire.proposer",
            disabled=work.state.story is None,
            on_click=_propose,
        )
    undo_asked()


@state.reporting_errors()
def _change(make: Make, rank: int) -> None:
    """Apply a change to the current story, save it, and select one of its steps.

    The story on screen at the click may be older than the last change.
    """
    story = make(story_of(ledger(), current_scenario.current()))
    if _record(story):
        state.update(StoryView, step=rank)


def _propose() -> None:
    _record(None)


def _record(story: Story | None) -> bool:
    steps = None if story is None else story.as_json()
    done = "Le récit est enregistré avec le scénario."
    return current_scenario.record("story", {"steps": steps}, done=done)


_KEYS = (
    "Pendant le webinaire : → et ← pour avancer et reculer, F plein écran, L légende, P la vue de "
    "l'animateur (étape suivante, texte, temps), Échap pour revenir ici ; un clic avance aussi. Le "
    "réseau peut être coupé : tout est déjà dans la page."
)


def webinar_part(study: Study) -> None:
    """Draw the part. A link to it, which names a scenario, starts the show at once."""
    work = current_scenario.current()
    story = story_of(ledger(), work)
    step = step_at_work(story)
    ready = make_webinar(of_work(study.analysis, work), story, today().isoformat(), ledger())
    page = webinar_page(ready.webinar)
    steps = len(story.steps)
    noun = current_analysis().baseline.noun
    name = noun if work.scenario is None else f"« {work.name} »"
    text = f"{name}, {plural(steps, 'étape')}"
    html.show(html.subtitle("Webinaire ", htpy.small[text]))
    show_side, story_side = st.columns([1.25, 1.5], gap="large")
    with show_side:
        webinar_show(
            page.decode(),
            step=None if step in ready.skipped else step,
            rank=step - len([rank for rank in ready.skipped if rank < step]),
            start=_linked(work),
        )
        html.show(html.note(typeset(_KEYS)))
        _download(study, work, story)
        _link(work)
    _watch(work)
    with story_side:
        _skipped(ready)
        story_editor(study, work, story, ready)


@st.fragment(run_every=15)
def _watch(work: Work) -> None:
    """Tell a running show that its scenario was deleted or archived meanwhile."""
    try:
        status = standing_of(current_scenario.scenarios(), work)
    except GeozonesError:  # the store does not answer: the scenario's state is unknown
        return
    html.show(show_word(status))


def _linked(work: Work) -> bool:
    """Tell whether a link to this scenario was followed, rather than the menu."""
    if not state.of(ShareView).linked:
        return False
    return work.scenario is not None and address.linked_scenario() == work.scenario.id


def _download(study: Study, work: Work, story: Story) -> None:
    """Offer the same show as one file, dated by the version instead of the current day."""
    held = ledger()

    def made() -> bytes:
        return webinar_page(make_webinar(of_work(study.analysis, work), story, ledger=held).webinar)

    download_button(
        "Télécharger (un fichier HTML)",
        made,
        file_name=f"webinaire-{slug(work.name)}.html",
        mime="text/html",
        key="webinaire.telecharger",
    )


def _skipped(ready: ReadyStory) -> None:
    """Show the steps that can no longer be shown, and why."""
    if ready.skipped:
        sentences = [f"Étape {rank + 1}, passée : {why}" for rank, why in ready.skipped.items()]
        html.show(html.bullets(sentences, "gz-alerts"))


def _link(work: Work) -> None:
    if work.scenario is None:
        return
    with st.expander("Lien qui lance ce webinaire"):
        link = whole_link("webinaire", {address.SCENARIO: work.scenario.id})
        html.show(
            html.stack(
                link_box(link),
                html.note(
                    "Il suit le scénario, et permet de le modifier. Pour un lien en lecture "
                    "seule, partagez une version (page Scénarios)."
                ),
            )
        )
