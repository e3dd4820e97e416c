"""Part « Webinaire » of the page « Partager »: editor of the story, and the show."""

from datetime import date

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.domain.story import Story
from geozones.export.text import slug, typeset
from geozones.export.webinar import webinar_page
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.partager.story_editor import step_at_work, story_editor
from geozones.ui.state import address
from geozones.ui.state.partager_views import ShareView
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.links import link_box, whole_link
from geozones.ui.widgets.webinar_show import show_word, webinar_show
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.exported_plan import of_work
from geozones.workspace.study import Study
from geozones.workspace.webinar.standing import standing_of
from geozones.workspace.webinar.story import ReadyStory, make_webinar, story_of

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
    ready = make_webinar(of_work(study.analysis, work), story, date.today().isoformat(), ledger())
    page = webinar_page(ready.webinar)
    html.show(_title(work, len(story.steps)))
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


def _title(work: Work, steps: int) -> htpy.Element:
    noun = current_analysis().baseline.noun
    name = noun if work.scenario is None else f"« {work.name} »"
    text = f"{name}, {plural(steps, 'étape')}"
    return html.subtitle("Webinaire ", htpy.small[text])


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
                link_box(link, f"Webinaire de « {work.name} »"),
                html.note(
                    "Il suit le scénario, et permet de le modifier. Pour un lien en lecture "
                    "seule, partagez une version (page Scénarios)."
                ),
            )
        )
