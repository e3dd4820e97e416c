"""Command-line interface: the same use cases from a terminal.

Exit status: 0 on success, 2 on bad input (one line on stderr), 1 on an internal failure.
"""

import io
import os
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from cyclopts import App, CycloptsError

from geozones.cli.french_help import FrenchHelp
from geozones.cli.malformed import malformed, refuse_unreadable, without_command
from geozones.cli.parameters import group
from geozones.cli.reply import Reply
from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import why
from geozones.domain.terms import worded

#: Control characters, except tab and line feed, and characters that change the writing direction.
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Name of each command, path of its function or group, French help (for `worded`). A module is
#: imported only when its command runs, so that no command waits for the libraries of another.
_COMMANDS = (
    ("plan", "plans:plan", "Secteurs, zones et {sites} d'un plan."),
    ("metrics", "plans:metrics", "Indicateurs de la région, des secteurs, des zones."),
    ("cost", "costs:cost", "Coût annuel : heures de route et de rupture."),
    ("check", "plans:check", "Règles que le plan ne respecte pas."),
    ("vigilance", "vigilance:watch", "Points de vigilance : règles, fragilités, présence."),
    ("move", "moves:move", "Ce que change le déplacement {of_a_site}."),
    ("destinations", "moves:destinations", "Zones qu'{a_site} pourrait rejoindre."),
    ("propose", "proposals:propose", "Le meilleur plan, ou les meilleurs déplacements."),
    ("front", "fronts:front", "Compromis entre deux mesures, prouvés."),
    ("times", "travel:times", "Durée d'un trajet entre deux lieux, ou matrice de tous."),
    ("roads", "travel:roads", "Routes d'un extrait OpenStreetMap."),
    ("scenarios", "scenarios:scenarios", "Scénarios enregistrés : vus, échangés, sauvegardés."),
    (
        "publications",
        "publications:publications",
        "Publications : listées, faites à une date, retirées.",
    ),
    ("voices", "comments:voices", "Commentaires et avis sur les versions partagées."),
    ("import", "lists:import_list", "{Sites} et zones d'une liste, vérifiés et réparés."),
    ("geocode", "geocode:geocode", "Place des {sites} d'après leur adresse."),
    ("export", "exports:export", "Écrit une vue d'un plan dans un fichier."),
    (
        "teams",
        "teams:teams",
        "Postes {of_proximity_technician} : proposition, absence, résilience.",
    ),
    ("bilan", "bilan:bilan", "Bilan d'une expérimentation : document, présentation, classeur."),
    ("journal", "field_journal:journal", "Journal d'une expérimentation : observé et attendu."),
    ("nightly", "nightly:nightly", "Entretien de chaque nuit : oublis, effacements, sceau."),
    ("doctor", "doctor:doctor", "Cette installation est-elle en état de servir ?"),
    ("serve", "serve:serve", "Ouvrir l'application sur 127.0.0.1."),
)


def commands() -> App:
    """Return the application with every command and group of commands."""
    root = group("geozones", "Secteurs et zones de continuité : voir, mesurer, déplacer.")
    root.help_format = "plaintext"
    root.help_formatter = FrenchHelp()
    for rank, (name, place, about) in enumerate(_COMMANDS):
        root.command(f"geozones.cli.{place}", name=name, help=worded(about), sort_key=rank)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        answer = _run(sys.argv[1:] if argv is None else list(argv))
    except GeozonesError as error:
        _complain(str(error))
        return 2 if isinstance(error, InputError) else 1
    if isinstance(answer, int):
        return answer
    status = _say(answer.text)
    for line in answer.left_out:
        _complain(line)
    return 1 if answer.left_out else status or answer.status


def _run(tokens: list[str]) -> Reply | int:
    """Run a command; return its reply, or the exit status of « serve ».

    Raises
    ------
    GeozonesError
        As the command does; ``InputError`` if the command is unknown, or its options are wrong.
    """
    refuse_unreadable(tokens)
    root = commands()
    try:
        command, given, _ = root.parse_args(tokens, print_error=False, exit_on_error=False)
    except CycloptsError as error:
        raise malformed(error) from error
    if command.__name__ != root.help_print.__name__:
        answer: Reply | int = command(*given.args, **given.kwargs)
        return answer
    if not {*tokens} & {*root.help_flags}:
        raise without_command(tokens)
    with redirect_stdout(io.StringIO()) as page:
        command(*given.args, **given.kwargs)
    return Reply(page.getvalue().rstrip())


def _complain(text: str) -> None:
    """Print an error on one line of stderr."""
    print(f"geozones : {_inert(' '.join(text.splitlines()))}", file=sys.stderr)


def _inert(text: str) -> str:
    """Escape terminal control characters as JSON does: a name may contain some."""
    return _ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _say(text: str) -> int:
    """Print a text on stdout in any encoding; a closed pipe is not an error."""
    text = _inert(text)
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
