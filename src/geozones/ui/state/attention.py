"""What is said to a screen reader, and where the focus of the keyboard is asked to go."""

import re
from dataclasses import dataclass

from geozones.ui.state.store import of, update


@dataclass(frozen=True, slots=True)
class Attention:
    """What was last said and asked for; the ranks count, so that the same may be said again.

    ``chosen`` is what was selected then. ``focus`` is the key of a container or a widget, as
    Streamlit writes it in a class.
    """

    said: str = ""
    said_rank: int = 0
    chosen: tuple[str | None, ...] = ()
    focus: str = ""
    focus_rank: int = 0


def say(text: str) -> None:
    """Have a screen reader say what happened, where no message on screen says it."""
    update(Attention, said=text, said_rank=of(Attention).said_rank + 1)


def ask_focus(key: str) -> None:
    """Ask that whoever works by the keyboard goes on in a container (or a widget), by its key."""
    update(Attention, focus=re.sub(r"[^\w-]", "-", key), focus_rank=of(Attention).focus_rank + 1)
