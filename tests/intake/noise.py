"""What a scanner and a hurried paste do to a document: seeded, so that a bad day can be replayed."""

import random
import unicodedata

_SWAPS = {
    "0": "O", "O": "0", "o": "0",
    "1": "Il", "I": "1l", "l": "1I",
    "5": "S", "S": "5", "s": "5",
}  # fmt: skip
_ACCENTS = {"e": "éèê", "a": "àâ", "i": "î", "u": "ù", "E": "É", "A": "ÀÄ", "c": "ç"}
_ZONES = "Les zones de continuité par secteur"


def mutated(text: str, seed: int, share: float) -> str:
    """Return the text with about ``share`` of the characters of its tables misread.

    0/O, 1/I/l, 5/S, accents lost, won or changed, tabs lost, rows split in two.
    """
    dice = random.Random(seed)  # noqa: S311 - a replay, no secret
    start = text.index(_ZONES)
    return text[:start] + "".join(_misread(sign, dice, share) for sign in text[start:])


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


def garbled(text: str, seed: int, share: float) -> str:
    """Return the text with signs of its tables replaced by any other, dropped, or doubled."""
    dice = random.Random(seed)  # noqa: S311 - a replay, no secret
    start = text.index(_ZONES)
    signs = "ABCDEFGHJKLMNOPRSTUVXYZabcdefghijklmnopqrstuvxyz0123456789 .-"
    out = [text[:start]]
    for sign in text[start:]:
        if sign in "\n\t" or dice.random() >= share:
            out.append(sign)
        else:
            out.append(dice.choice((dice.choice(signs), "", sign * 2)))
    return "".join(out)
