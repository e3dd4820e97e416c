"""Help pages in French: cyclopts lays them out, its own few English words are replaced."""

from typing import TYPE_CHECKING

from cyclopts.help import ColumnSpec, DefaultFormatter, HelpEntry, NameRenderer

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

_WORDS = {"COMMAND": "COMMANDE"}


def _about(entry: HelpEntry) -> "Text | str":
    """Return what a command or option is about, without cyclopts' « [required] »."""
    if "--help" in entry.positive_names:
        return "afficher cette aide"
    return entry.description or ""


class FrenchHelp(DefaultFormatter):
    """A help page: how the command is written, what it is about, its arguments and options."""

    def __init__(self) -> None:
        super().__init__(
            column_specs=(
                ColumnSpec(renderer=NameRenderer(max_width=32), style="cyclopts.name"),
                ColumnSpec(renderer=_about, overflow="fold"),
            ),
        )

    def render_usage(
        self, console: "Console", options: "ConsoleOptions", usage: "Text | str | None"
    ) -> None:
        """Print how the command is written."""
        del options
        words = str(usage or "").split()
        line = " ".join(_WORDS.get(word, word) for word in words)
        console.print(f"Usage : {line}\n", highlight=False, markup=False)
