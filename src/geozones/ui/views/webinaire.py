"""The page « Webinaire »: a story to prepare, and the show that tells it."""

from datetime import date

import streamlit as st

from geozones.export.text import slug
from geozones.export.webinar import webinar
from geozones.ui import desk, state
from geozones.ui.components import html, legend
from geozones.ui.components.moves import notice_box
from geozones.ui.components.scenario_bar import frozen_banner
from geozones.ui.components.story_editor import story_editor
from geozones.ui.components.webinar_show import webinar_show
from geozones.workspace import ReadyStory, Work, Workspace, story_of, tell
from geozones.workspace.exports import of_work

_KEYS = (
    "Pendant le webinaire : → et ← pour avancer et reculer, F plein écran, L légende, Échap pour "
    "revenir ici. Le réseau peut être coupé : tout est déjà dans la page."
)


def webinaire(workspace: Workspace) -> None:
    """Draw the page. A link to it, which names a scenario, starts the show at once."""
    own = desk.current(workspace)
    frozen = desk.frozen(workspace)
    work = own if frozen is None else frozen
    state.remember(own)
    story = story_of(workspace, work)
    step = state.story_step(len(story.steps) - 1)
    told = tell(workspace, of_work(workspace, work), story, date.today().isoformat())
    page = webinar(told.show)
    st.html(_title(work, len(story.steps)))
    if frozen is not None:
        st.html(frozen_banner(frozen))
    notice_box()
    show_side, story_side = st.columns([1.25, 1.5], gap="large")
    with show_side:
        webinar_show(
            page.decode(),
            step=None if step in told.skipped else step,
            rank=step - len([rank for rank in told.skipped if rank < step]),
            start=_linked(work),
        )
        st.html(html.note(_KEYS))
        _download(workspace, work)
        _link(work)
    with story_side:
        _skipped(told)
        if frozen is None:
            story_editor(workspace, work, story, told)
    legend.sources(workspace)


def _linked(work: Work) -> bool:
    """Tell whether a link to this very scenario or version was followed, not the menu."""
    if state.asked_version() is not None:
        return state.frozen_version() == (state.asked_version(), work)
    return work.scenario is not None and state.linked_scenario() == work.scenario.id


def _title(work: Work, steps: int) -> str:
    name = "plan livré" if work.scenario is None else f"« {work.name} »"
    return (
        f'<h1 class="gz-title">Webinaire <small>{html.text(name)}, '
        f"{steps} étape{'s' if steps > 1 else ''}</small></h1>"
    )


def _download(workspace: Workspace, work: Work) -> None:
    """Offer the same show as one file; it has the date of the version, not of the day."""

    def made() -> bytes:
        return webinar(tell(workspace, of_work(workspace, work), story_of(workspace, work)).show)

    st.download_button(
        "Télécharger (un fichier HTML)",
        made,
        file_name=f"webinaire-{slug(work.name)}.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key="webinaire.telecharger",
    )


def _skipped(told: ReadyStory) -> None:
    """Say which steps cannot be shown any more."""
    if told.skipped:
        said = [f"Étape {rank + 1}, passée : {why}" for rank, why in told.skipped.items()]
        st.html(html.bullets(said, "gz-alerts"))


def _link(work: Work) -> None:
    if work.scenario is None or state.asked_version() is not None:
        return
    with st.expander("Lien qui lance ce webinaire", icon=":material/link:"):
        st.code(f"webinaire?scenario={work.scenario.id}", language=None)
        st.html(
            html.note(
                "Il suit le scénario, et permet de le modifier. Pour un lien en lecture seule, "
                "figez une version (page Scénarios) : webinaire?version=…."
            )
        )
