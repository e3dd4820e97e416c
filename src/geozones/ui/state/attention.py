"""Announcements to screen readers, and requests to move the keyboard focus."""

import re
from dataclasses import dataclass

from geozones.ui.state.store import of, update


@dataclass(frozen=True, slots=True)
class Attention:
    """The last announcement and focus request; ranks count up, so that the same may be repeated.

    ``chosen`` is the selection at that time. ``focus`` is the key of a container or a widget, as
    Streamlit writes it in a CSS class. It is followed after a gesture by keyboard, or ``always``.
    """

    announced: str = ""
    announced_rank: int = 0
    chosen: tuple[str | None, ...] = ()
    focus: str = ""
    focus_rank: int = 0
    always: bool = False


@dataclass(frozen=True, slots=True)
class JobsTold:
    """Identities of the jobs begun in this session, and of those announced as running."""

    begun: frozenset[int] = frozenset()
    running: frozenset[int] = frozenset()


def announce(text: str) -> None:
    """Announce an event to screen readers, where no message on screen shows it."""
    update(Attention, announced=text, announced_rank=of(Attention).announced_rank + 1)


def ask_focus(key: str, *, always: bool = False) -> None:
    """Ask the page to move the keyboard focus to a container or a widget, by its key.

    The focus of someone who uses the mouse stays where it is, unless it ``always`` moves.
    """
    rank = of(Attention).focus_rank + 1
    update(Attention, focus=re.sub(r"[^\w-]", "-", key), focus_rank=rank, always=always)
