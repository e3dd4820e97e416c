"""Reading the JSON files of the data folder: one sentence for whatever is wrong with one."""

import json
from pathlib import Path
from typing import Any

from geozones.domain import DataFileError
from geozones.domain.files import why


def read_json_object(path: Path, mend: str) -> dict[str, Any]:
    """Return the JSON object of a data file; ``mend`` says, in French, how to repair the file.

    Raises
    ------
    DataFileError
        If it is missing, cannot be read, or is no JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} dans le dossier {path.parent} : {mend}."
        raise DataFileError(msg) from None
    except OSError as error:
        msg = f"Le fichier de données {path.name} ne peut pas être lu : {why(error)}."
        raise DataFileError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"Le fichier de données {path.name} est tronqué ou altéré : {mend}."
        raise DataFileError(msg) from error
    if not isinstance(content, dict):
        msg = f"Le fichier de données {path.name} n'a pas la forme attendue : {mend}."
        raise DataFileError(msg)
    return content
