"""What a command prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """What goes to stdout, and a line on stderr for each thing that it is without.

    A reply that is without something exits with status 1; else with its own ``status``.
    """

    text: str
    left_out: tuple[str, ...] = ()
    status: int = 0
