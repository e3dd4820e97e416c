"""UAI codes (ex-RNE): seven digits and a key letter that checks them."""

import re

_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_UAI = re.compile(r"([0-9]{7})([A-Z])")
_PROVISIONAL = re.compile(r"X[0-9]{2}-[a-z0-9-]+")


def uai_key(number: str) -> str:
    """Return the key letter of a seven-digit UAI number.

    The rule of the Répertoire national des établissements: the 23 letters without I, O and Q,
    taken at the number modulo 23.
    """
    return _KEYS[int(number) % len(_KEYS)]


def is_uai(code: str) -> bool:
    """Return whether ``code`` is seven digits followed by their key letter."""
    match = _UAI.fullmatch(code)
    return match is not None and uai_key(match[1]) == match[2]


def is_valid_id(code: str) -> bool:
    """Return whether ``code`` can identify a lycée: a UAI, or a provisional ``X44-…`` key."""
    return is_uai(code) or _PROVISIONAL.fullmatch(code) is not None
