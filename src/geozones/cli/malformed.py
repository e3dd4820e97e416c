"""Errors of malformed commands, as one French sentence."""

from collections.abc import Sequence

from cyclopts import (
    Argument,
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

from geozones.common.errors import InputError, shortened

_VALUES: dict[type | None, str] = {int: "un nombre entier", float: "un nombre"}


def malformed(error: CycloptsError) -> InputError:
    """Return the error of a malformed command, with the help page to consult."""
    return _refusal(_reason(error), error.command_chain or ())


def refuse_unreadable(tokens: Sequence[str]) -> None:
    """Refuse arguments that are not UTF-8: no name, code or answer of the tool can hold them.

    Python represents such bytes as lone surrogates, which files, databases and terminals each
    refuse in their own way.

    Raises
    ------
    InputError
        If an argument is not UTF-8.
    """
    for token in tokens:
        written = token.encode("utf-8", "surrogateescape")
        shown = written.decode("utf-8", "backslashreplace")
        if shown != token:
            msg = (
                f"« {shortened(shown)} » n'est pas écrit en UTF-8 : réécrivez-le dans un terminal "
                "en UTF-8 ; si c'est un fichier, renommez-le."
            )
            raise InputError(msg)


def without_command(group: Sequence[str]) -> InputError:
    """Return the error of « geozones » or « geozones teams » without a command."""
    return _refusal("il manque une commande", group)


def _refusal(reason: str, command: Sequence[str]) -> InputError:
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
