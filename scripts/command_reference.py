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
from geozones.intake.manifest_file import use_configured_territory

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "commands.fr.md"

_WIDTH = 120
_COMMON = {"--" + field.name.replace("_", "-") for field in fields(CommonOptions)}
_INTRODUCTION = """\
# Les commandes

Cette page est écrite par `python scripts/command_reference.py`, d'après l'aide des commandes
(`geozones COMMANDE --help`) : ne la corrigez pas à la main. Les mots en capitales se donnent dans
l'ordre de la liste, ceux entre crochets si l'on veut. Ce que chaque commande répond en JSON est
dans [reference.md](reference.md#command-line).

{epilogue}

## Options communes

Les commandes qui le disent ci-dessous les ont toutes.

"""


def page() -> str:
    """Return the page: each command with its help, its arguments and its options."""
    os.environ[DATA_FOLDER] = str(ROOT / "data")
    use_configured_territory()
    root = commands()
    common = [entry for entry in _arguments(root["plan"]) if entry.name in _COMMON]
    lines = [_INTRODUCTION.format(epilogue="\n".join(_wrapped(root.help_epilogue or "")))]
    lines += [f"{line}\n" for entry in common for line in _item(entry)]
    for name, command in _subcommands(root):
        lines += [f"{line}\n" for line in _section(command, f"geozones {name}", "##")]
    return "".join(lines)


def _subcommands(app: App) -> Iterator[tuple[str, App]]:
    for name in app:
        if name not in {*app.help_flags, *app.version_flags}:
            yield name, app[name]


def _section(command: App, name: str, level: str) -> list[str]:
    """Return the lines of a command and of its subcommands, each under its heading."""
    lines = ["", f"{level} {name}", "", *_wrapped(command.help)]
    if command.default_command is not None:
        entries = _arguments(command)
        own = [entry for entry in entries if entry.name not in _COMMON]
        shared = [entry for entry in entries if entry.name in _COMMON]
        items = [line for entry in own for line in _item(entry)]
        if len(shared) == len(_COMMON):
            items.append("- les [options communes](#options-communes)")
        else:
            items += [line for entry in shared for line in _item(entry)]
        lines += ["", *items] if items else []
    for sub, below in _subcommands(command):
        lines += _section(below, f"{name} {sub}", f"{level}#")
    return lines


def _arguments(command: App) -> list[Argument]:
    return [*command.assemble_argument_collection().filter_by(parse=True, show=True)]


def _is_word(entry: Argument) -> bool:
    """Return whether an argument is given by its place, without the name of an option."""
    return not entry.name.startswith("-")


def _item(entry: Argument) -> list[str]:
    """Return the lines of an argument or option: its name, its value, its help."""
    parameter = entry.parameter
    value = "" if _is_word(entry) or not parameter.metavar else f" {parameter.metavar}"
    needed = " (obligatoire)" if entry.required and not _is_word(entry) else ""
    name = f"[{entry.name}]" if _is_word(entry) and not entry.required else entry.name
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
