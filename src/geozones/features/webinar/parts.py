"""Parts of pages of the webinar: the show, the editor of its story, the show of a link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import plural, typeset
from geozones.domain.story import MAX_TEXT, MAX_TITLE, StepKind, Story, StoryStep, reworded
from geozones.export.file_parts import slug
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import (
    LINK_CLOSED,
    ReadyStory,
    make_webinar,
    standing_of,
    story_choices,
    story_of,
)
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import FeatureParts, SharePart
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.state import address
from geozones.ui.state.page_views import ShareView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import distinct
from geozones.ui.widgets.scenario_bar import step_button, undo_asked
from geozones.ui.widgets.sharing import link_box, whole_link
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_work


@dataclass(frozen=True, slots=True)
class StoryView:
    """Step of the webinar being edited, from 0; its fields as typed, by version and rank."""

    step: int = 0
    added: tuple[StepKind, str | None] | None = None
    shown: Mapping[str, tuple[StepKind, str | None]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


_HTML = htpy.div(".gz-start")[
    htpy.button(".gz-start-main", type="button")["Démarrer le webinaire"],
    htpy.button(type="button", hidden=True),
    htpy.button(type="button")["Ouvrir la vue de l’animateur"],
    htpy.p(".gz-blocked", role="alert", hidden=True)[
        "Le navigateur a bloqué la fenêtre : autorisez les fenêtres de ce site, puis recommencez."
    ],
    htpy.div(".gz-preview"),
]
_CSS = """
.gz-start { display: flex; flex-wrap: wrap; gap: var(--space-3); padding: var(--space-1);
  font-family: inherit; }
button { font: inherit; font-size: var(--type-text); font-weight: 600; cursor: pointer;
  min-height: var(--target); padding: var(--space-2) var(--space-5); border-radius: 6px;
  border: 1px solid var(--accent); background: #fff; color: var(--accent); }
button.gz-start-main { background: var(--accent); color: #fff; }
button:hover { box-shadow: 0 2px 10px rgba(20, 32, 43, .25); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.gz-preview { flex: 0 0 100%; aspect-ratio: 16 / 9; border-radius: 8px; overflow: hidden;
  background: #0b2233; }
.gz-preview iframe { width: 1280px; height: 720px; border: 0; pointer-events: none;
  transform: scale(var(--small)); transform-origin: 0 0; }
.gz-blocked { flex: 0 0 100%; margin: 0; color: #8f1d0c; }
[hidden] { display: none; }
"""


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = Path(__file__).with_name("show.js").read_text(encoding="utf-8")
    return st.components.v2.component("geozones.webinar", html=str(_HTML), css=_CSS, js=script)


def show_word(message: str) -> htpy.Element:
    """Return the message that a running show displays about its scenario; "" for none."""
    return htpy.div("#gz-show-word", data_said=typeset(message), hidden=True)


def webinar_show(page: str, *, step: int | None, rank: int, start: bool) -> None:
    """Draw the buttons that start a show from the first step or from ``step``, and a preview.

    ``page`` is the document to show; it stays in the browser. ``rank`` is the rank of the step's
    slide; ``step`` is ``None`` for a step that has no slide. ``start``: start at once, from a link.
    """
    data = {"page": page, "step": step, "rank": rank, "start": start}
    _component()(data=data, key="webinaire.spectacle")


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
    exported = of_work(study.analysis, work, ledger=ledger())
    ready = make_webinar(exported, story, today().isoformat(), ledger())
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
            rank=ready.starts.get(step, 0),
            start=_linked(work),
        )
        html.show(html.note(typeset(_KEYS)))
        _download(exported, story)
        _link(work)
    _watch(work)
    with story_side:
        # show the steps that can no longer be shown, and why
        if ready.skipped:
            sentences = [f"Étape {rank + 1}, passée : {why}" for rank, why in ready.skipped.items()]
            html.show(html.bullets(sentences, "gz-alerts"))
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


def _download(exported: ExportedPlan, story: Story) -> None:
    """Offer the same show as one file, dated by the version instead of the current day."""
    held = ledger()

    def made() -> bytes:
        return webinar_page(make_webinar(exported, story, ledger=held).webinar)

    download_button(
        "Télécharger (un fichier HTML)",
        made,
        file_name=f"webinaire-{slug(exported.version.name)}.html",
        mime="text/html",
        key="webinaire.telecharger",
    )


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


def shared_show(exported: ExportedPlan, work: Work, starts: bool) -> None:  # noqa: FBT001 - as declared
    """Offer the webinar of a version, built only on request because its document is large."""
    box = st.expander(
        "Présentation à projeter", key="partage.webinaire", expanded=starts, on_change="rerun"
    )
    if not (box.open or starts):
        return
    with box:
        page = webinar_page(make_webinar(exported, ledger=ledger()).webinar)
        webinar_show(page.decode(), step=None, rank=0, start=starts)
        download_button(
            "Télécharger (un fichier HTML)",
            page,
            file_name=f"webinaire-{slug(work.name)}.html",
            mime="text/html",
            key="partage.webinaire.fichier",
        )


PARTS = FeatureParts(
    share_part=SharePart(
        "webinaire", "Webinaire", "Ouvrir le mode webinaire", "le webinaire", webinar_part
    ),
    shared_show=shared_show,
    closed_link=lambda: show_word(LINK_CLOSED),
)
