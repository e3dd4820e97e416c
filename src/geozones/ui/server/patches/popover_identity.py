"""Identity of popovers by their key alone: one whose label changes stays open.

Streamlit 1.67 takes a popover whose label changes for another one, which is closed: the list of
dates under a button that names the chosen date would close at each step.
"""

from typing import Any

from streamlit.elements import layouts


def identify_popovers_by_key() -> None:
    """Patch Streamlit so that the label of a popover with a key is not part of its identity."""
    compute = layouts.compute_and_register_element_id  # type: ignore[attr-defined]

    def by_key(kind: str, *, user_key: str | None, **parts: Any) -> str:  # noqa: ANN401
        if kind == "popover" and user_key is not None:
            parts["key_as_main_identity"] = True
        return str(compute(kind, user_key=user_key, **parts))

    layouts.compute_and_register_element_id = by_key  # type: ignore[attr-defined, assignment]
