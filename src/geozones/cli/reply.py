"""Reply of a command: its output and exit status."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """Text for stdout, and a line on stderr for each item left out.

    A reply with items left out exits with status 1; else with its own ``status``.
    """

    text: str
    left_out: tuple[str, ...] = ()
    status: int = 0
