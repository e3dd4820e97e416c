"""Anchors of the log: its last seal, noted in the home folder, one for each database.

Someone who can change only the database cannot change the anchor: a log that was cut short or
sealed again contradicts it. One JSON file: ``{DATABASE: {"position", "seal", "at"}}``.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from geozones.common.bounds import is_date
from geozones.common.errors import InputError
from geozones.common.files import home_folder, locked, why, write_atomically
from geozones.domain.log_chain import Anchor
from geozones.store.address import Address

_FILE = "actions.anchors"


def anchors_file() -> Path:
    """Return the path of the file of anchors."""
    return home_folder() / _FILE


def read_anchor(address: Address) -> Anchor | None:
    """Return the anchor noted for a database; ``None`` if there is none.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    entry = _read().get(_name(address))
    if entry is None:
        return None
    try:
        anchor = Anchor(int(entry["position"]), str(entry["seal"]), entry["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise _altered() from error
    if not is_date(anchor.at):
        raise _altered()
    return anchor


def note_anchor(address: Address, anchor: Anchor | None) -> None:
    """Note the last seal of the log of a database; ``None`` removes the note.

    Raises
    ------
    InputError
        If the file cannot be read or written.
    """
    with locked(anchors_file()):
        held = _read()
        held.pop(_name(address), None)
        if anchor is not None:
            held[_name(address)] = {
                "position": anchor.position,
                "seal": anchor.seal,
                "at": anchor.at,
            }
        write_atomically(anchors_file(), json.dumps(held, indent=1) + "\n", private=True)


def _read() -> dict[str, Any]:
    try:
        held = json.loads(anchors_file().read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        msg = f"Les sceaux notés ({anchors_file()}) ne peuvent pas être lus : {why(error)}."
        raise InputError(msg) from error
    except (ValueError, RecursionError) as error:
        raise _altered() from error
    if not isinstance(held, dict):
        raise _altered()
    return held


def _altered() -> InputError:
    return InputError(
        f"Le fichier des sceaux notés ({anchors_file()}) est altéré. Comparez le journal des "
        "actions à celui d'une sauvegarde, puis supprimez ce fichier."
    )


def _name(address: Address) -> str:
    """Return the key of a database in the file, without its password."""
    if address.file is not None:
        where = str(address.file.resolve())
    else:
        assert address.url is not None  # noqa: S101 - an address is one or the other
        where = address.url.set(password=None).render_as_string()
    return hashlib.sha256(where.encode(errors="surrogateescape")).hexdigest()[:16]
