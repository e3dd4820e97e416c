"""Exception of a post to what the source document asks, with its cause."""

from functools import partial

import streamlit as st

from geozones.domain.events.change import MAX_NAME
from geozones.domain.teams import ExceptionCause, Post
from geozones.ui import current_scenario, state
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.teams.staff import Staff

_NAMES: dict[str | None, str] = {None: "aucune"}
_NAMES |= {cause.value: cause.label for cause in ExceptionCause}


def post_exception(staff: Staff, post: Post) -> None:
    """Let the user record why a post is in one lycée only, or goes out of its zone."""
    kept = staff.people.exceptions.get(post.id)
    cause = None if kept is None else kept.cause.value
    note = "" if kept is None else kept.note
    key = f"equipes.exception.{post.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chooser(
            "Exception aux postes partagés et dédiés à la zone",
            _NAMES,
            state.BoundValue(f"{key}.cause", cause, partial(_record, staff, post, note)),
        )
        if cause is not None:
            state.BoundValue(f"{key}.raison", note, partial(_explain, staff, post, cause)).draw(
                st.text_input, "Raison, en quelques mots", max_chars=MAX_NAME
            )


def _explain(staff: Staff, post: Post, cause: str, note: str) -> None:
    _record(staff, post, note, cause)


def _record(staff: Staff, post: Post, note: str, cause: str | None) -> None:
    """Record an exception, or remove it if there is no cause."""
    data: dict[str, object] = {"post": post.id, "cause": cause, "note": note}
    label = staff.label(post)
    done = (
        f"{label} n'est plus une exception."
        if cause is None
        else f"{label} est une exception : {_NAMES[cause]}."
    )
    current_scenario.record("post_exception", data, done=done)
