"""Reader and writer of ``territoire.toml``, the manifest of a data folder."""

import json
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.files import DATA_FOLDER, ordinary, why
from geozones.domain.identifiers import Scheme
from geozones.domain.settings import (
    FolderCredits,
    FolderDecision,
    FolderFiles,
    TerritoryManifest,
    use_territory,
)
from geozones.domain.terms import Noun
from geozones.intake.manifest_reading import (
    CREDIT_KEYS,
    FILE_KEYS,
    KEYS,
    NOUN_KEYS,
    ManifestReading,
    checked_credit,
    checked_day,
    checked_file_name,
    checked_minutes,
    checked_name,
    checked_scheme,
    checked_sizes,
    checked_word_set,
    checked_zone,
)

NAME = "territoire.toml"
#: Version of the file that this code reads.
VERSION = 1
#: Largest file, in bytes: a manifest is one or two pages.
MAX_BYTES = 200_000
_REPAIR = "corrigez-le (voir docs/data.md)"
_MAX_FAULTS = 5


def read_manifest(folder: Path) -> TerritoryManifest:
    """Read the manifest of a data folder; without the file, the defaults."""
    try:
        with ordinary(folder / NAME).open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return TerritoryManifest()
    except OSError as error:
        raise DataFileError(
            f"Le fichier de données {NAME} ne peut pas être lu : {why(error)}."
        ) from error
    if len(raw) > MAX_BYTES:
        raise DataFileError(
            f"Le fichier de données {NAME} est trop gros ({MAX_BYTES // 1000} ko au plus)."
        )
    return manifest_of(raw)


def manifest_of(raw: bytes) -> TerritoryManifest:
    """Return the manifest that a file holds; raise ``DataFileError`` as `read_manifest` does."""
    try:
        content = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise DataFileError(
            f"Le fichier de données {NAME} n'est pas un texte en UTF-8 : {_REPAIR}."
        ) from None
    except (ValueError, RecursionError) as error:
        reason = shortened(str(error), 100)
        raise DataFileError(
            f"Le fichier de données {NAME} n'est pas du TOML lisible ({reason}) : {_REPAIR}."
        ) from error
    if content.get("version") != VERSION or isinstance(content["version"], bool):
        raise DataFileError(f"{NAME} : le champ « version » doit être {VERSION} : {_REPAIR}.")
    reading = ManifestReading(content)
    manifest = _manifest(reading)
    if reading.faults:
        shown = reading.faults[:_MAX_FAULTS]
        more = len(reading.faults) - len(shown)
        rest = [f"{more} autre{'s' if more > 1 else ''} faute{'s' if more > 1 else ''}"]
        lines = (f"{NAME} : {fault}." for fault in (*shown, *(rest if more else ())))
        raise DataFileError(" ".join(lines))
    return manifest


def _manifest(reading: ManifestReading) -> TerritoryManifest:
    for table in KEYS:
        reading.table(table)
    no_sizes: tuple[int, int] | None = None
    no_minutes: float | None = None
    return TerritoryManifest(
        name=reading.take("", "nom", "", checked_name),
        created_on=reading.take("", "cree_le", "", checked_day),
        time_zone=reading.take("", "fuseau", "", checked_zone),
        organisation=reading.take("organisation", "nom", "", checked_name),
        experiment_since=reading.take("organisation", "experimentation", "", checked_day),
        decision=FolderDecision(
            since=reading.take("decision", "depuis", "", checked_day),
            approved_by=reading.take("decision", "approuve_par", "", checked_name),
            reference=reading.take("decision", "reference", "", checked_name),
        ),
        word_set=reading.take("mots", "jeu", "", checked_word_set),
        nouns=reading.nouns(),
        scheme=reading.take("identifiants", "schema", Scheme.UAI, checked_scheme),
        sizes=reading.take("regles", "tailles", no_sizes, checked_sizes),
        proposed_sizes=reading.take("regles", "tailles_proposees", no_sizes, checked_sizes),
        max_minutes=reading.take("regles", "trajet_max", no_minutes, checked_minutes),
        credits=reading.texts(FolderCredits, "credits", CREDIT_KEYS, checked_credit),
        files=reading.texts(FolderFiles, "fichiers", FILE_KEYS, checked_file_name),
    )


def manifest_toml(manifest: TerritoryManifest) -> str:
    """Return the text of a manifest, its defaults left out; `read_manifest` reads it again."""
    tables: dict[str, dict[str, Any]] = {
        "organisation": {
            "nom": manifest.organisation,
            "experimentation": _written_day(manifest.experiment_since),
        },
        "decision": {
            "depuis": _written_day(manifest.decision.since),
            "approuve_par": manifest.decision.approved_by,
            "reference": manifest.decision.reference,
        },
        "mots": {
            "jeu": manifest.word_set,
            **{key: _written_noun(manifest.nouns.get(name)) for key, name in NOUN_KEYS.items()},
        },
        "identifiants": {"schema": "" if manifest.scheme is Scheme.UAI else manifest.scheme.value},
        "regles": {
            "tailles": manifest.sizes,
            "tailles_proposees": manifest.proposed_sizes,
            "trajet_max": manifest.max_minutes,
        },
        "credits": _changed(manifest.credits, FolderCredits(), CREDIT_KEYS),
        "fichiers": _changed(manifest.files, FolderFiles(), FILE_KEYS),
    }
    top = {
        "version": VERSION,
        "nom": manifest.name,
        "cree_le": _written_day(manifest.created_on),
        "fuseau": manifest.time_zone,
    }
    blocks = [_lines(top)]
    blocks += [f"\n[{name}]\n{lines}" for name, table in tables.items() if (lines := _lines(table))]
    text = "".join(blocks)
    try:
        manifest_of(text.encode())
    except (DataFileError, UnicodeEncodeError) as error:
        raise InputError(str(error)) from error
    return text


def _changed(values: object, default: object, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that differ from the default, by their key."""
    return {
        key: getattr(values, name)
        for key, name in keys.items()
        if getattr(values, name) != getattr(default, name)
    }


def _written_day(day: str) -> date | str:
    return date.fromisoformat(day) if day else ""


def _written_noun(noun: Noun | None) -> dict[str, object]:
    if noun is None:
        return {}
    words: dict[str, object] = {"singulier": noun.singular, "pluriel": noun.plural}
    if noun.feminine:
        words["feminin"] = True
    if noun.elided is not None:
        words["elision"] = noun.elided
    return words | ({"court": noun.brief} if noun.brief else {})


def _lines(table: Mapping[str, Any]) -> str:
    """Return the lines of a table; empty texts, tables and ``None`` are left out."""
    return "".join(
        f"{key} = {_value(value)}\n"
        for key, value in table.items()
        if value not in (None, "", {}, ())
    )


def _value(value: Any) -> str:  # noqa: ANN401 - a value of TOML
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case float():
            return f"{value:g}" if value.is_integer() else repr(value)
    return str(value).lower()


def find_data_folder() -> Path:
    """Return the data folder: ``GEOZONES_DATA_DIR``, else the checkout's, else the package's."""
    configured = os.environ.get(DATA_FOLDER)
    if configured:
        folder = Path(configured)
        if not os.path.isdir(folder):  # noqa: PTH112 - is_dir raises where a name is too long
            raise DataFileError(f"Le dossier de données {folder} ({DATA_FOLDER}) n'existe pas.")
        return folder
    delivered = delivered_folder()
    if delivered is not None:
        return delivered
    raise DataFileError(f"Aucun dossier de données : indiquez-en un par la variable {DATA_FOLDER}.")


def use_configured_territory() -> None:
    """Use the words, ids and thresholds of the configured data folder.

    A folder that cannot be read is no fault here: its opening says what is wrong.
    """
    with suppress(DataFileError):
        use_territory(read_manifest(find_data_folder()))


def is_delivered_territory() -> bool:
    """Return whether the configured folder is of the territory that comes with the tool."""
    delivered = delivered_folder()
    try:
        return delivered is not None and read_manifest(delivered) == read_manifest(
            find_data_folder()
        )
    except DataFileError:
        return False


def delivered_folder() -> Path | None:
    """Return the data folder that comes with the tool: the checkout's, else the package's."""
    package = Path(str(files("geozones")))
    folders = (package.parents[1] / "data", package / "_share" / "data")
    return next((folder for folder in folders if (folder / "secteurs.json").is_file()), None)
