"""Command-line interface: commands, help and errors in French, repetition until a signal.

Exit status: 0 on success, 2 on bad input (one line on stderr), 1 on an internal failure.
"""

import io
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from threading import Event
from typing import TYPE_CHECKING

from cyclopts import (
    App,
    Argument,
    CoercionError,
    CycloptsError,
    Group,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)
from cyclopts.help import ColumnSpec, DefaultFormatter, HelpEntry, NameRenderer

from geozones import feature_list
from geozones.cli.parameters import Reply, group
from geozones.common.errors import GeozonesError, InputError, shortened
from geozones.common.files import DATA_FOLDER, why
from geozones.common.json_log import enable_telemetry, wants_json, write_json
from geozones.domain.terms import worded
from geozones.intake.manifest_file import use_configured_territory
from geozones.version import __version__

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

_WORDS = {"COMMAND": "COMMANDE", "[ARGS]": "[ARGUMENTS]", "[ARGS...]": "[ARGUMENTS…]"}


#: Descriptions of the options that the library adds.
_COMMON = {"--help": "afficher cette aide", "--version": "afficher la version"}


def _about(entry: HelpEntry) -> "Text | str":
    """Return the description of a command or option, without cyclopts' « [required] »."""
    added = (about for option, about in _COMMON.items() if option in entry.positive_names)
    return next(added, entry.description or "")


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
        words = (_WORDS.get(word, word) for word in str(usage or "").split())
        console.print(f"Usage : {' '.join(words)}\n", highlight=False, markup=False)


_VALUES: dict[type | None, str] = {int: "un nombre entier", float: "un nombre"}


def refuse_unreadable(tokens: Sequence[str]) -> None:
    """Refuse arguments that are not UTF-8: no name, code or answer of the tool can hold them.

    Python represents such bytes as lone surrogates, which files, databases and terminals each
    refuse in their own way.
    """
    for token in tokens:
        written = token.encode("utf-8", "surrogateescape")
        shown = written.decode("utf-8", "backslashreplace")
        if shown != token:
            raise InputError(
                f"« {shortened(shown)} » n'est pas écrit en UTF-8 : réécrivez-le dans un terminal "
                "en UTF-8 ; si c'est un fichier, renommez-le."
            )


def _refusal(reason: str, command: Sequence[str]) -> InputError:
    """Return the error of a malformed command, with the help page to consult."""
    words = " ".join(["geozones", *command])
    return InputError(f"commande mal formée ({reason}) : « {words} --help » en donne la forme.")


def _reason(error: CycloptsError) -> str:
    reason = "une option est mal écrite"
    match error:
        case UnknownCommandError():
            reason = f"{_quoted(error.unused_tokens, 1)} n'est pas une commande"
        case UnknownOptionError(token=token):
            reason = f"l'option {token.keyword or token.value} n'existe pas"
        case UnusedCliTokensError():
            reason = f"{_quoted(error.unused_tokens)} en trop"
        case MissingArgumentError(keyword=str() as name):
            reason = f"l'option {name} attend une valeur"
        case MissingArgumentError(argument=Argument() as argument):
            kind = "" if argument.is_positional_only() else "l'option "
            reason = f"il manque {kind}{argument.name}"
        case ValidationError(argument=Argument() as argument):
            reason = f"{argument.name} : {error.exception_message}"
        case CoercionError(argument=Argument(hint=hint) as argument) if hint is bool:
            reason = f"l'option {argument.name} ne prend pas de valeur"
        case CoercionError(argument=Argument() as argument):
            expected = _VALUES.get(error.target_type, "une autre valeur")
            given = _quoted([token.value for token in argument.tokens[-1:]])
            reason = f"{argument.name} attend {expected}, pas {given}"
        case CycloptsError(argument=Argument() as argument):
            reason = f"l'option {argument.name} est mal écrite"
    return reason


def _quoted(words: Sequence[str] | None, most: int | None = None) -> str:
    return ", ".join(f"« {word} »" for word in (words or [])[:most])


#: Option of every command: the territory to open.
_FOLDER = "--folder"
#: Exit status of a command that the user interrupted, as shells give it.
_INTERRUPTED = 130
#: Control characters, except tab and line feed, and characters that change the writing direction.
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Name of each command, path of its function or group, French help (for `worded`). A module is
#: imported only when its command runs, so that no command waits for the libraries of another.
_COMMANDS = (
    ("serve", "serve:serve", "Ouvrir l'application sur 127.0.0.1."),
    ("plan", "plans:plan", "Secteurs, zones et {sites} d'un plan."),
    ("metrics", "plans:metrics", "Indicateurs {of_the_territory}, des secteurs, des zones."),
    ("propose", "proposals:propose", "Le meilleur plan, ou les meilleurs déplacements."),
    ("move", "plans:move", "Ce que change le déplacement {of_a_site}."),
    ("times", "travel:times", "Durée d'un trajet entre deux lieux, ou matrice de tous."),
    ("export", "exports:export", "Écrit une vue d'un plan dans un fichier."),
    ("doctor", "maintenance:doctor", "Cette installation est-elle en état de servir ?"),
    ("cost", "costs:cost", "Coût annuel : heures de route, heures sans {technician}."),
    ("vigilance", "plans:watch", "Points de vigilance : règles enfreintes, zones fragiles."),
    ("destinations", "plans:destinations", "Zones qu'{a_site} pourrait rejoindre."),
    ("roads", "travel:roads", "Routes d'un extrait OpenStreetMap."),
    ("scenarios", "scenarios:scenarios", "Scénarios : vus, échangés, publiés, commentés."),
    (
        "teams",
        "teams:teams",
        "Postes {of_proximity_technician} : besoins, proposition, absence.",
    ),
    ("admin", "maintenance:admin", "Entretien : sauvegardes, noms effacés, chaque nuit."),
    (
        "--install-completion",
        "maintenance:install_completion",
        "compléter les commandes par la touche Tab, dans ce terminal",
    ),
)
#: The commands in front of the first help, in this order.
_FIRST = ("new", "serve", "plan", "metrics", "propose", "move", "times", "export", "doctor")
#: Former commands, and the command to use instead; features declare theirs.
REPLACED: Mapping[str, str] = {
    "check": "vigilance",
    "draft": "new --draft",
    "fetch": "new TERRITOIRE --places lycees",
    "folder check": "doctor --folder NOM",
    "front": "propose --frontier",
    "overview": "metrics --json",
    "scenarios restore": "admin restore",
    "scenarios verify": "admin verify",
    "teams resilience": "teams absence",
} | {
    former: name
    for feature in feature_list.declared().values()
    for former, name in feature.replaced.items()
}

#: Former commands that timers run: a warning names the new one, which runs.
_RENAMED = {"nightly": "admin nightly", "scenarios backup": "admin backup"}


def commands() -> App:
    """Return the application with every command and group of commands."""
    root = group("geozones", "Secteurs et zones de continuité : voir, mesurer, déplacer.")
    root.help_format = "plaintext"
    root.help_formatter = FrenchHelp()
    root.help_epilogue = (
        f"Avec toute commande, {_FOLDER} NOM : le dossier d'un territoire, ou le nom d'un "
        "territoire créé ici, au lieu de celui qui est ouvert."
    )
    root.version, root.version_flags = f"geozones {__version__}", ("--version",)
    first = Group("Pour commencer", sort_key=1)
    others = root.group_commands = Group("Autres commandes", sort_key=2)
    every = [(name, f"geozones.cli.{place}", about) for name, place, about in _COMMANDS]
    every += [
        (name, f"geozones.features.{feature}.{place}", about)
        for feature, declared in feature_list.declared().items()
        for name, place, about in declared.root_commands
    ]
    for rank, (name, place, about) in enumerate(every):
        shown, key = (first, _FIRST.index(name)) if name in _FIRST else (others, rank)
        root.command(place, name=name, help=worded(about), sort_key=key, group=shown)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        answer = _run(sys.argv[1:] if argv is None else list(argv))
    except GeozonesError as error:
        _complain(_with_next_step(error))
        return 2 if isinstance(error, InputError) else 1
    except KeyboardInterrupt:
        _complain("commande interrompue : aucun fichier n'est écrit à moitié.")
        return _INTERRUPTED
    if isinstance(answer, int):
        return answer
    return _say_all(answer)


def _say_all(reply: Reply) -> int:
    """Print a reply, and return its exit status."""
    status = _say(reply.text)
    for line in reply.left_out:
        _complain(line)
    own = int(bool(reply.left_out)) if reply.status is None else reply.status
    return status or own


def refuse_replaced(tokens: Sequence[str]) -> None:
    """Refuse a former command, and name the one that replaces it."""
    for count in range(len(tokens), 0, -1):
        words = " ".join(tokens[:count])
        if words in REPLACED:
            raise InputError(f"La commande « {words} » est remplacée par « {REPLACED[words]} ».")


def _renamed(tokens: list[str]) -> list[str]:
    """Return the words of the new command for a former one that still runs, with a warning."""
    for former, name in _RENAMED.items():
        words = former.split()
        if tokens[: len(words)] == words:
            _complain(f"La commande « {former} » est remplacée par « {name} », qui est lancée.")
            return [*name.split(), *tokens[len(words) :]]
    return tokens


@contextmanager
def _in_named_folder(tokens: Sequence[str]) -> Iterator[list[str]]:
    """Open the territory that ``--folder`` names; yield the other arguments.

    Of « new », it is the folder to make, but with ``--draft``.
    """
    kept, named = [*tokens], ""
    if tokens[:1] != ["new"] or "--draft" in tokens:
        rank = next((at for at, token in enumerate(kept) if token.split("=")[0] == _FOLDER), None)
        if rank is not None:
            _, given, named = kept.pop(rank).partition("=")
            if not given:
                named = kept.pop(rank) if rank < len(kept) else ""
            if not named:
                raise _refusal(f"l'option {_FOLDER} attend une valeur", tokens[:1])
    before = os.environ.get(DATA_FOLDER)
    try:
        if named:
            from geozones.workspace.folder.territories import territory_folder  # noqa: PLC0415 - slow

            os.environ[DATA_FOLDER] = str(territory_folder(named))
        yield kept
    finally:
        if before is None:
            os.environ.pop(DATA_FOLDER, None)
        else:
            os.environ[DATA_FOLDER] = before


def _run(tokens: list[str]) -> Reply | int:
    """Run a command; return its reply, or the exit status of « serve »."""
    refuse_unreadable(tokens)
    refuse_replaced(tokens)
    with _in_named_folder(_renamed(tokens)) as kept:
        use_configured_territory()
        root = commands()
        try:
            command, given, _ = root.parse_args(kept, print_error=False, exit_on_error=False)
        except CycloptsError as error:
            raise _refusal(_reason(error), error.command_chain or ()) from error
        if command.__name__ not in {root.help_print.__name__, root.version_print.__name__}:
            answer: Reply | int = command(*given.args, **given.kwargs)
            return answer
        options = [token for token in kept if token.startswith("-")]
        if options and not {*options} & {*root.help_flags, *root.version_flags}:
            raise _refusal("il manque une commande", kept)
        with redirect_stdout(io.StringIO()) as page:
            command(*given.args, **given.kwargs)
        return Reply(page.getvalue().rstrip())


def _with_next_step(error: GeozonesError) -> str:
    """Return the message of an error; for an unknown code, name the command that lists the codes.

    Pages say « vérifiez le lien » or « rechargez la page »: a terminal has neither.
    """
    text = str(error)
    if not error.listed_by:
        return text
    missing = text[: text.rfind("»") + 1] or text.partition(" : ")[0]
    return f"{missing} : « geozones {error.listed_by} » donne les codes."


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


def start_service_log() -> None:
    """Write events to the service log as lines of JSON, if ``GEOZONES_LOG`` asks for them."""
    if wants_json():
        enable_telemetry()
        write_json()


def repeat(act: Callable[[], Reply], every_s: float) -> int:
    """Call ``act`` and print its reply every ``every_s`` seconds until a signal; return 0.

    A failed run is reported on stderr, and tried again.
    """
    stopped = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stopped.set())

    def once() -> bool:
        try:
            _say_all(act())
        except GeozonesError as error:
            print(f"geozones : {error}", file=sys.stderr, flush=True)
            return False
        return True

    from geozones.workspace.scenarios.backups import again_and_again  # noqa: PLC0415 - slow

    again_and_again(once, every_s, stopped)
    return 0
