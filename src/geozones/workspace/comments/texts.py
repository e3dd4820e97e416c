"""Validation of texts that people type: stored whole, or refused with a sentence."""

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain.comments import MAX_AUTHOR_LENGTH
from geozones.export.text import printable


def checked_name(text: object) -> str:
    """Return a name or function on one line; raise ``InputError`` if it is invalid."""
    name = printable(text) if isinstance(text, str) else ""
    if not name:
        msg = "Indiquez votre nom ou votre fonction : rien n'est encore envoyé."
        raise InputError(msg)
    if len(name) > MAX_AUTHOR_LENGTH:
        msg = (
            f"Votre nom ou fonction fait {number(len(name))} signes, {MAX_AUTHOR_LENGTH} au plus : "
            "raccourcissez-le, rien n'est encore envoyé."
        )
        raise InputError(msg)
    return name


def checked_text(text: object, what: str, most: int, *, required: bool = True) -> str:
    """Return a text without control characters, its lines kept; ``what`` names it in French.

    Raises
    ------
    InputError
        If it is empty though ``required``, or longer than ``most`` characters.
    """
    lines = text.splitlines() if isinstance(text, str) else []
    kept = "\n".join(map(printable, lines)).strip()
    if required and not kept:
        msg = f"{what} est vide : écrivez-le, puis envoyez."
        raise InputError(msg)
    if len(kept) > most:
        msg = (
            f"{what} fait {number(len(kept))} signes, {number(most)} au plus : raccourcissez-le, "
            "rien n'est encore envoyé et votre texte reste là."
        )
        raise InputError(msg)
    return kept
