"""Help pages in French: cyclopts lays them out, its few English words are replaced."""

from typing import TYPE_CHECKING

from cyclopts.help import ColumnSpec, DefaultFormatter, HelpEntry, NameRenderer

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

_WORDS = {"COMMAND": "COMMANDE"}


def _about(entry: HelpEntry) -> "Text | str":
    """Return the description of a command or option, without cyclopts' « [required] »."""
    if "--help" in entry.positive_names:
        return "afficher cette aide"
    return entry.description or ""


class FrenchHelp(DefaultFormatter):
    """Help page: usage, description, arguments and options."""

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
        """Print the usage line."""
        del options
        words = str(usage or "").split()
        line = " ".join(_WORDS.get(word, word) for word in words)
        console.print(f"Usage : {line}\n", highlight=False, markup=False)
