"""Secrets: keys of this installation, each in a file, and random codes that nobody can guess."""

import json
import secrets
from pathlib import Path
from secrets import token_hex, token_urlsafe

from geozones.common.errors import InputError
from geozones.common.files import locked, why, write_atomically

_BYTES = 32


def secret_key(path: Path, what: str) -> bytes:
    """Return the secret of a file, created at first use; concurrent processes get the same.

    ``what`` names the secret in French, « Le secret des pseudonymes ».

    Raises
    ------
    InputError
        If the file can neither be read nor created.
    """
    found = read_secret_key(path, what)
    if found is not None:
        return found
    with locked(path):
        found = read_secret_key(path, what)
        if found is None:
            found = secrets.token_bytes(_BYTES)
            write_atomically(path, json.dumps({"key": found.hex()}), private=True)
        return found


def read_secret_key(path: Path, what: str) -> bytes | None:
    """Return the secret of a file, ``None`` if it does not exist; create nothing.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        key = bytes.fromhex(json.loads(path.read_bytes()[:1000])["key"])
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{what} ({path}) ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error
    except (ValueError, KeyError, TypeError, RecursionError):
        key = b""
    if len(key) != _BYTES:
        msg = f"{what} ({path}) est altéré : restaurez-le ou supprimez-le."
        raise InputError(msg)
    return key


def new_code(size: int = 16) -> str:
    """Return a random code of ``size`` bytes, fit for an address and for the command line.

    Its first character is a letter or a digit: a command takes a word that begins with a hyphen
    for an option.
    """
    return token_hex(1)[0] + token_urlsafe(size)
