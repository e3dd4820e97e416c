"""The command line: the same use cases from a terminal.

Exit status: 0 on success, 2 on bad input (one line on stderr), 1 on an internal failure.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from geozones.cli import exports, lists, places, plans, proposals, scenarios, teams, travel
from geozones.cli.answers import Answer, Command, opened, plain
from geozones.domain import GeozonesError, InputError
from geozones.domain.files import why
from geozones.workspace import Workspace, open_workspace

_TWO_WORDS = frozenset(
    {"times build", "times compare", "roads build"}
    | {f"teams {act}" for act in ("propose", "absence", "resilience")}
    | {f"scenarios {act}" for act in ("list", "show", "export", "import", "backup", "restore")}
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        arguments = parser().parse_args(_joined(sys.argv[1:] if argv is None else argv))
        if arguments.command == "serve":
            from geozones.ui.serve import serve  # noqa: PLC0415 - the web server, only if asked

            return serve(arguments.port, open_browser=arguments.open)
        workspace = open_workspace()
        if arguments.max_minutes is not None:
            workspace = workspace.with_max_minutes(arguments.max_minutes)
        if arguments.peak_factor is not None:
            workspace = workspace.with_peak_factor(arguments.peak_factor)
        workspace = opened(workspace, arguments)
        answer = arguments.run(workspace, arguments)
        if workspace.times.factor != 1:
            answer["peak_factor"] = workspace.times.factor
    except GeozonesError as error:
        line = str(error).replace("\r", " ").replace("\n", " ")
        print(f"geozones : {line}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    text = (
        json.dumps(plain(answer), ensure_ascii=False)
        if arguments.json
        else f"{arguments.text(answer)}{_peak(workspace)}"
    )
    return _say(text)


def _peak(workspace: Workspace) -> str:
    return f"\n{workspace.peak_note.strip()}" if workspace.peak_note else ""


def _joined(argv: Sequence[str]) -> list[str]:
    """Take « times build » and the like as one word: « times » alone takes two places."""
    first = " ".join(argv[:2])
    return [first, *argv[2:]] if first in _TWO_WORDS else list(argv)


def _say(text: str) -> int:
    """Print on stdout, whatever its encoding; a reader that has gone is not an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"geozones : la réponse n'a pas pu être écrite : {why(error)}.", file=sys.stderr)
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """Argparse, with one line on stderr as for any other bad input."""

    def error(self, message: str) -> NoReturn:
        msg = f"commande mal formée ({message}) : « {self.prog} --help » en donne la forme."
        raise InputError(msg)


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    found = _Parser(
        prog="geozones", description="Secteurs et zones de continuité : voir, mesurer, déplacer."
    )
    commands = found.add_subparsers(dest="command", required=True, metavar="COMMANDE")

    def add(
        name: str, about: str, run: Command, text: Callable[[Answer], str], /
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("--json", action="store_true", help="répondre par un objet JSON")
        command.add_argument(
            "--plan", type=Path, metavar="FICHIER", help="un plan JSON (sinon, le plan livré)"
        )
        command.add_argument(
            "--scenario", metavar="CODE", help="un scénario enregistré (sinon, le plan livré)"
        )
        command.add_argument(
            "--max-minutes", type=float, metavar="MIN", help="seuil des trajets dans une zone (45)"
        )
        command.add_argument(
            "--peak-factor",
            type=float,
            metavar="F",
            help="facteur d'heure de pointe, de 1 (le défaut) à 1,6, sur toutes les durées",
        )
        command.set_defaults(run=run, text=text)
        return command

    for module in (plans, proposals, travel, scenarios, lists, places, exports, teams):
        module.add_commands(add)
    serve = commands.add_parser("serve", help="Ouvrir l'application sur 127.0.0.1.")
    serve.add_argument("--port", type=_port, default=8501)
    serve.add_argument("--open", action="store_true", help="ouvrir aussi le navigateur")
    return found


def _port(text: str) -> int:
    port = int(text)
    if not 1024 <= port <= 65535:
        msg = "entre 1024 et 65535"
        raise argparse.ArgumentTypeError(msg)
    return port
