"""Reader of JSON files of the data folder, with one French sentence for each fault."""

import json
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary, why


def read_json_object(
    path: Path, version: int | None, repair: str, name: str = ""
) -> dict[str, Any]:
    """Return the JSON object that a data file holds.

    Parameters
    ----------
    version
        Required value of its field ``version``; ``None`` for a file without version.
    repair
        How the user can repair the file: the end of a French sentence.
    name
        Its name in messages, by default the file's.

    Raises
    ------
    DataFileError
        If it is missing, cannot be read, is no JSON object, or is of another version.
    """
    name = name or path.name
    try:
        content = json.loads(ordinary(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"Il manque le fichier {name} dans le dossier {path.parent} : {repair}."
        raise DataFileError(msg) from None
    except OSError as error:
        msg = f"Le fichier de données {name} ne peut pas être lu : {why(error)}."
        raise DataFileError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"Le fichier de données {name} est tronqué ou altéré : {repair}."
        raise DataFileError(msg) from error
    if not isinstance(content, dict):
        msg = f"Le fichier de données {name} n'a pas la forme attendue : {repair}."
        raise DataFileError(msg)
    if version is not None and content.get("version") != version:
        msg = f"Le fichier de données {name} est d'une autre version que {version} : {repair}."
        raise DataFileError(msg)
    return content


def altered(name: str, error: Exception, repair: str) -> DataFileError:
    """Return the error to raise for a missing value, or one of the wrong type, in a data file."""
    return DataFileError(f"Le fichier de données {name} est altéré ({error}) : {repair}.")
