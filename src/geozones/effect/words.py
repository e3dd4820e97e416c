"""French of an effect: losses and gains in sentences, and in a few words for narrow places."""

from collections.abc import Callable, Sequence

from geozones.common.french import NBSP, capital, in_words, listing, minutes, number, plural
from geozones.domain.terms import terms
from geozones.effect.losses import Loss, LossKind

#: Lines of losses, and of gains, that a screen or a file tells.
MOST_LOSSES, MOST_GAINS = 3, 2


def told_losses(
    losses: Sequence[Loss],
    most: int = MOST_LOSSES,
    write: Callable[[Loss], str] | None = None,
) -> tuple[str, ...]:
    """Return the worst losses, in sentences if not else said, then « Et N autres pertes »."""
    return _told(losses, most, write or loss_sentence, ("autre perte", "autres pertes"))


def told_gains(
    gains: Sequence[Loss], most: int = MOST_GAINS, write: Callable[[Loss], str] | None = None
) -> tuple[str, ...]:
    """Return the greatest gains, in sentences if not else said, then « Et N autres gains »."""
    return _told(gains, most, write or gain_sentence, ("autre gain", "autres gains"))


def _told(
    lines: Sequence[Loss], most: int, write: Callable[[Loss], str], nouns: tuple[str, str]
) -> tuple[str, ...]:
    told = tuple(write(line) for line in lines[:most])
    left = len(lines) - most
    return (*told, f"et {plural(left, *nouns)}") if left > 0 else told


def loss_sentence(loss: Loss) -> str:
    """Return a loss in a sentence: who, what, both values."""
    if loss.kind is LossKind.RULE:
        return loss.message
    if loss.kind is LossKind.ALONE:
        return f"{listing(loss.names)} n'a plus aucun collègue."
    if loss.kind is LossKind.DRIVE:
        site = terms().site.plural
        return (
            f"{listing(loss.names)} : deux {site} désormais d'une même zone, à "
            f"{minutes(loss.after)} l'un de l'autre."
        )
    return _with_values(loss)


def gain_sentence(gain: Loss) -> str:
    """Return a gain in a sentence: who, what, both values."""
    if gain.kind is LossKind.ALONE:
        return f"{listing(gain.names)} a désormais un collègue."
    if gain.kind is LossKind.DRIVE:
        return (
            f"{listing(gain.names)}, à {minutes(gain.before)} l'un de l'autre, ne sont plus d'une "
            "même zone."
        )
    return _with_values(gain)


def _with_values(line: Loss) -> str:
    """Return the sentence of a cover, a colleague, posts or pieces, with both values."""
    if line.kind is LossKind.COVER:
        told = f"{_who(line)} : absences couvertes {_from_to(line, '%')}"
        if line.hours is None:
            return f"{told}."
        then, now = map(number, line.hours)
        return f"{told} (zone : {then} → {now} h par an sans {terms().technician})."
    if line.kind is LossKind.COLLEAGUE:
        return f"{_who(line)} : collègue le plus proche {_minutes(line)}."
    if line.kind is LossKind.POSTS:
        less = round(line.before or 0) - round(line.after or 0)
        posts = f"{capital(in_words(less))} poste{'s' if less > 1 else ''}"
        return (
            f"{posts} de moins, selon l'estimation, dans le secteur {line.place} "
            f"({number(line.before or 0)} → {number(line.after or 0)})."
        )
    return f"La zone {line.place} est en {number(line.after or 0)} parties séparées."


def short_loss(loss: Loss) -> str:
    """Return a loss in a few words, for the bubble and for a list of zones."""
    if loss.kind is LossKind.ALONE:
        return f"{listing(loss.names)} sans collègue"
    if loss.kind is LossKind.COVER:
        return f"{_who(loss)} : absences couvertes {_from_to(loss, '%')}"
    if loss.kind is LossKind.COLLEAGUE:
        return f"{_who(loss)} : collègue {_minutes(loss)}"
    if loss.kind is LossKind.DRIVE:
        return f"{listing(loss.names)}, même zone, à {minutes(loss.after)}"
    return loss_sentence(loss).removesuffix(".")


def short_gain(gain: Loss) -> str:
    """Return a gain in a few words."""
    if gain.kind is LossKind.ALONE:
        return f"{listing(gain.names)} a un collègue"
    if gain.kind is LossKind.DRIVE:
        return f"{listing(gain.names)} ne sont plus à {minutes(gain.before)}"
    return short_loss(gain)


def _who(line: Loss) -> str:
    """Name the lycées of a line; count them if more than two."""
    if len(line.names) <= 2:
        return listing(line.names)
    return f"{terms().site.counted(len(line.names))} de la zone {line.place}"


def _from_to(line: Loss, unit: str) -> str:
    return f"{number(line.before or 0)} → {number(line.after or 0)}{NBSP}{unit}"


def _minutes(line: Loss) -> str:
    """Write both minutes: ``17 → 25 min``, « sans route » for none."""
    then, now = minutes(line.before), minutes(line.after)
    unit = f"{NBSP}min"
    return f"{then.removesuffix(unit) if now.endswith(unit) else then} → {now}"
