"""What a scanner and a hurried paste do to a document: seeded, to replay a bad day."""

import random
import unicodedata
from collections.abc import Callable

_SWAPS = {
    "0": "O", "O": "0", "o": "0",
    "1": "Il", "I": "1l", "l": "1I",
    "5": "S", "S": "5", "s": "5",
}  # fmt: skip
_ACCENTS = {"e": "éèê", "a": "àâ", "i": "î", "u": "ù", "E": "É", "A": "ÀÄ", "c": "ç"}
_ZONES = "Les zones de continuité par secteur"
_SIGNS = "ABCDEFGHJKLMNOPRSTUVXYZabcdefghijklmnopqrstuvxyz0123456789 .-"


def mutated(text: str, seed: int, share: float) -> tuple[str, dict[int, int]]:
    """Misread about ``share`` of the characters of the tables of a text.

    0/O, 1/I/l, 5/S, accents lost, won or changed, tabs lost, rows split in two.

    Returns
    -------
    text, origin
        What is left of it, and which line of the text each of its lines comes from.
    """
    dice = random.Random(seed)  # noqa: S311 - a replay, no secret
    return _spoilt(text, lambda sign: _misread(sign, dice, share))


def garbled(text: str, seed: int, share: float) -> tuple[str, dict[int, int]]:
    """Replace signs of the tables of a text by any other, drop or double them; as `mutated`."""
    dice = random.Random(seed)  # noqa: S311 - a replay, no secret

    def spoil(sign: str) -> str:
        if sign in "\n\t" or dice.random() >= share:
            return sign
        return dice.choice((dice.choice(_SIGNS), "", sign * 2))

    return _spoilt(text, spoil)


def _spoilt(text: str, spoil: Callable[[str], str]) -> tuple[str, dict[int, int]]:
    start = text.index(_ZONES)
    lines, origin, line = [""], {1: 1}, 1
    for rank, sign in enumerate(text):
        line += sign == "\n"
        for piece in sign if rank < start else spoil(sign):
            lines[-1] += piece
            if piece == "\n":
                lines.append("")
                origin[len(lines)] = line
    return "".join(lines), origin


def _misread(sign: str, dice: random.Random, share: float) -> str:
    if dice.random() >= share:
        return sign
    if sign == "\t":
        return ""
    if sign in _SWAPS and dice.random() < 0.8:
        return dice.choice(_SWAPS[sign])
    bare = unicodedata.normalize("NFD", sign)[0]
    if bare in _ACCENTS and dice.random() < 0.8:
        return bare if bare != sign else dice.choice(_ACCENTS[bare])
    if sign != "\n" and dice.random() < 0.15:
        return f"{sign}\n"
    return sign
