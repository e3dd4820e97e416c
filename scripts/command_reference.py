"""List of the commands, docs/commands.fr.md, made from the command line's own help.

Run ``python scripts/command_reference.py`` after a change of commands or options; with ``--check``,
the file is compared and left as it is (status 1 where it differs).
"""

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from cyclopts import App, Argument

from geozones.cli import commands
from geozones.cli.options import CommonOptions
from geozones.common.files import DATA_FOLDER
from geozones.common.french import listing
from geozones.intake.manifest_file import use_configured_territory

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.fr.md"

#: Items of subcommands stand two characters further to the right.
_WIDTH = 118
_COMMON = {"--" + field.name.replace("_", "-") for field in fields(CommonOptions)}
_INTRODUCTION = """\
# Les commandes

Cette page est écrite par `python scripts/command_reference.py`, d'après l'aide des commandes
(`geozones COMMANDE --help`) : ne la corrigez pas à la main. Les mots en capitales se donnent dans
l'ordre de la liste, ceux entre crochets si l'on veut. Ce que chaque commande répond en JSON est
dans [reference.md](reference.md#command-line).

{epilogue}

## Options communes

{without}

"""


def page() -> str:
    """Return the page: each command with its help, its arguments and its options."""
    os.environ[DATA_FOLDER] = str(ROOT / "data")
    use_configured_territory()
    root = commands()
    common = [entry for entry in _arguments(root["plan"]) if entry.name in _COMMON]
    epilogue = "\n".join(_wrapped(root.help_epilogue or ""))
    names = listing([f"`{name}`" for name in _without_common(root)])
    without = "\n".join(
        _wrapped(
            f"Toute commande les prend, sauf {names}, dont chaque option est listée ci-dessous."
        )
    )
    lines = [_INTRODUCTION.format(epilogue=epilogue, without=without)]
    lines += [f"{line}\n" for entry in common for line in _item(entry)]
    for name, command in _subcommands(root):
        lines += [f"{line}\n" for line in _section(command, f"geozones {name}", "##")]
    return "".join(lines)


def _without_common(app: App, above: str = "") -> Iterator[str]:
    """Yield the commands that do not take every common option."""
    for name, command in _subcommands(app):
        if command.default_command is not None and not _takes_common(command):
            yield f"{above}{name}"
        yield from _without_common(command, f"{above}{name} ")


def _takes_common(command: App) -> bool:
    return {entry.name for entry in _arguments(command)} >= _COMMON


def _subcommands(app: App) -> Iterator[tuple[str, App]]:
    for name in app:
        if name not in {*app.help_flags, *app.version_flags}:
            yield name, app[name]


def _section(command: App, name: str, level: str) -> list[str]:
    """Return the lines of a command and of its subcommands, under its heading."""
    lines = ["", f"{level} {name}", "", *_wrapped(command.help)]
    items = _items(command)
    groups: list[str] = []
    for word, below in _subcommands(command):
        if below.default_command is None:
            groups += _section(below, f"{name} {word}", f"{level}#")
        else:
            items += _subcommand(below, f"{name} {word}")
    return [*lines, *(["", *items] if items else []), *groups]


def _subcommand(command: App, name: str) -> list[str]:
    """Return the item of a subcommand, with those of its arguments and options inside."""
    words = [_word(entry) for entry in _arguments(command) if _is_word(entry)]
    items = _wrapped(f"- **`{' '.join([name, *words])}`** : {command.help}", "  ")
    return items + [f"  {line}" for line in _items(command)]


def _items(command: App) -> list[str]:
    """Return the items of the arguments and options, without common options if it has all."""
    if command.default_command is None:
        return []
    said_above = _COMMON if _takes_common(command) else set()
    entries = [entry for entry in _arguments(command) if entry.name not in said_above]
    return [line for entry in entries for line in _item(entry)]


def _arguments(command: App) -> list[Argument]:
    return [*command.assemble_argument_collection().filter_by(parse=True, show=True)]


def _is_word(entry: Argument) -> bool:
    """Return whether an argument is given by its place, without the name of an option."""
    return not entry.name.startswith("-")


def _word(entry: Argument) -> str:
    """Return an argument as it stands in a command: in brackets if it may be left out."""
    return entry.name if entry.required else f"[{entry.name}]"


def _item(entry: Argument) -> list[str]:
    """Return the lines of an argument or option: its name, its value, its help."""
    parameter = entry.parameter
    value = "" if _is_word(entry) or not parameter.metavar else f" {parameter.metavar}"
    needed = " (obligatoire)" if entry.required and not _is_word(entry) else ""
    name = _word(entry) if _is_word(entry) else entry.name
    text = f"- `{name}{value}` : {parameter.help or ''}{needed}"
    return _wrapped(text, "  ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def main() -> int:
    """Write the page, or compare it with ``--check``; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the file, write nothing")
    made = page()
    if not parser.parse_args().check:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == made:
        return 0
    print(
        "docs/commands.fr.md is not what the commands say: run python scripts/command_reference.py",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
