"""Key that seals the log: in the home folder, never in the database nor in a backup."""

import secrets
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import home_folder
from geozones.common.secret_key import read_secret_key, secret_key
from geozones.domain.actions import key_id

_FILE = "actions.key"
_WHAT = "Le secret du journal des actions"
#: Seals the entries of this process if the key file can be neither read nor created: actions are
#: still logged, but nobody can verify these entries afterwards.
_LAST_RESORT = secrets.token_bytes(32)


def key_file() -> Path:
    """Return the path of the key."""
    return home_folder() / _FILE


def sealing_key() -> bytes:
    """Return the key that seals new entries; create it at first use."""
    try:
        return secret_key(key_file(), _WHAT)
    except InputError:
        return _LAST_RESORT


def known_keys() -> dict[str, bytes]:
    """Return the keys that this process can verify with, by id; create none."""
    try:
        kept = read_secret_key(key_file(), _WHAT)
    except InputError:
        kept = None
    return {key_id(key): key for key in (kept, _LAST_RESORT) if key is not None}


def key_fault() -> str:
    """Return what is wrong with the key file; empty if it is valid, or not created yet."""
    file = key_file()
    try:
        found = read_secret_key(file, _WHAT)
    except InputError as error:
        return f"{error} D'ici là, les actions faites ne peuvent pas être vérifiées."
    if found is not None and file.stat().st_mode & 0o077:
        return f"D'autres comptes peuvent lire {file} : chmod 600."
    return ""
