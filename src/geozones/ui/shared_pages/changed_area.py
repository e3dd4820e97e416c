"""Maps of the changed area before and after a proposal: side by side, stacked on a phone."""

import htpy
import streamlit as st

from geozones.export import Dossier
from geozones.export.change_scenes import near_changes
from geozones.export.dossier import START
from geozones.render import Scene
from geozones.ui import state
from geozones.ui.widgets.sharing import picture_element
from geozones.workspace.jobs import FILES, VISITOR_FILES, run_in_process
from geozones.workspace.sharing.making import near_changes_for_screen


@st.cache_data(max_entries=24, show_spinner="Préparation des cartes…")
def changed_area(key: tuple[str, ...], _dossier: Dossier, *, for_user: bool) -> htpy.Element:  # noqa: ARG001 - the cache's key
    """Return the pictures of a dossier that compares two plans; cached.

    A user's pictures are not drawn in the visitors' queue.
    """
    comparison = _dossier.comparison
    assert comparison is not None  # noqa: S101 - the callers check it
    before, after = near_changes(comparison.scene, _dossier.scene)
    pictures = (
        (before, f"Avant : {comparison.before.name.removeprefix(START)}"),
        (after, f"Après : {_dossier.version.name}"),
    )
    return htpy.div(".gz-pair")[
        [
            picture_element(
                run_in_process(
                    FILES if for_user else VISITOR_FILES,
                    near_changes_for_screen,
                    scene,
                    _dossier.ground,
                    check=state.yield_to_streamlit,
                ),
                f"Carte de la partie qui change. {caption}. {_zones(scene)}",
                htpy.fragment[htpy.strong[caption], htpy.span[_zones(scene)]],
            )
            for scene, caption in pictures
        ]
    ]


def _zones(scene: Scene) -> str:
    """Return the names behind the numbers of a close-up; "" for a map of the whole region."""
    near = [zone.name for zone in scene.zones if not zone.aside]
    if len(near) == len(scene.zones):
        return ""
    return " · ".join(f"{rank} {name}" for rank, name in enumerate(near, 1))
