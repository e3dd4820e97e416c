"""Reader and writer of ``territoire.toml``, the manifest of a data folder, value by value."""

import hashlib
import json
import os
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geozones.common.errors import DataFileError, InputError, shortened
from geozones.common.files import DATA_FOLDER, ordinary, why
from geozones.common.french import folded, long_date
from geozones.domain.identifiers import Scheme
from geozones.domain.settings import (
    HYPOTHESIS_BOUNDS,
    DecidedHypothesis,
    FolderCredits,
    FolderDecision,
    FolderFiles,
    TerritoryManifest,
    use_territory,
)
from geozones.domain.terms import WORDS

#: Longest name of a territory or an organisation, and longest credit, in characters.
MAX_NAME_LENGTH, MAX_CREDIT_LENGTH = 200, 1000
#: Bounds of the sizes of zones, and of the longest drive in minutes.
MAX_SIZE, MINUTES = 50, (1, 600)


def checked_text(value: object, limit: int) -> str:
    """Return a text on one line, without spaces around it."""
    if not isinstance(value, str):
        raise TypeError("doit être un texte")
    if len(value) > limit:
        raise ValueError(f"est un texte de plus de {limit} caractères")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in value):
        raise ValueError("contient un caractère illisible ou un retour à la ligne")
    return value.strip()


def checked_name(value: object) -> str:
    """Return a text that is not empty."""
    given = checked_text(value, MAX_NAME_LENGTH)
    if not given:
        raise ValueError("ne doit pas être vide")
    return given


def checked_credit(value: object) -> str:
    """Return a credit, which may be empty."""
    return checked_text(value, MAX_CREDIT_LENGTH)


def checked_file_name(value: object) -> str:
    """Return the name of a file of the folder, never a path that leaves it."""
    given = checked_name(value)
    if "/" in given or "\\" in given or given.startswith("."):
        raise ValueError("doit être le nom d'un fichier du dossier, sans chemin")
    return given


def checked_day(value: object) -> str:
    """Return an ISO day, given as a date or as a text."""
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, str):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise ValueError("doit être une date, comme 2026-11-29")


def checked_zone(value: object) -> str:
    """Return the name of a time zone."""
    given = checked_name(value)
    try:
        ZoneInfo(given)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError(
            "doit être un fuseau horaire, comme « Europe/Paris » ou « Indian/Reunion »"
        ) from error
    return given


def checked_scheme(value: object) -> Scheme:
    """Return the scheme of ids of a word."""
    if value not in {scheme.value for scheme in Scheme}:
        raise ValueError(f"doit être {' ou '.join(f'« {scheme.value} »' for scheme in Scheme)}")
    return Scheme(value)


def checked_sizes(value: object) -> tuple[int, int]:
    """Return the fewest and the most sites of a zone."""
    match value:
        case [int(least), int(most)] if not any(isinstance(each, bool) for each in (least, most)):
            if 1 <= least <= most <= MAX_SIZE:
                return least, most
    raise ValueError(
        f"doit être la plus petite et la plus grande taille, de 1 à {MAX_SIZE}, comme [3, 5]"
    )


def checked_minutes(value: object) -> float:
    """Return a number of minutes."""
    low, high = MINUTES
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"doit être un nombre de minutes, de {low} à {high}")
    return float(value)


def checked_hypothesis(name: str, value: object) -> DecidedHypothesis:
    """Return a decided hypothesis: its value within bounds, who decided it, and when."""
    low, high = HYPOTHESIS_BOUNDS[name]
    rule = f"doit être {{ valeur = {low:g} à {high:g}, par = « qui », le = 2026-11-29 }}"
    if not isinstance(value, dict) or set(value) != {"valeur", "par", "le"}:
        raise ValueError(rule)
    given = value["valeur"]
    if isinstance(given, bool) or not isinstance(given, int | float) or not low <= given <= high:
        raise ValueError(rule)
    return DecidedHypothesis(float(given), checked_name(value["par"]), checked_day(value["le"]))


def checked_words(value: object) -> str:
    """Return the name of the nouns, whose accents may be left out: « lycees ».

    A section [mots] is that of earlier versions: any but lycées are sites.
    """
    if isinstance(value, dict):
        value = "lycées" if folded(str(value.get("jeu", "lycées"))) == "lycees" else "sites"
    given = checked_name(value)
    by_name = {folded(name): name for name in WORDS}
    if folded(given) not in by_name:
        raise ValueError(f"doit être {' ou '.join(f'« {name} »' for name in WORDS)}")
    return by_name[folded(given)]


#: Keys of the tables of texts, with their field and whether it is a day.
DECISION_KEYS = {"depuis": "since", "approuve_par": "approved_by", "reference": "reference"}
CREDIT_KEYS = {"sites": "sites", "fond": "ground", "minutes": "minutes", "communes": "communes"}
FILE_KEYS = {"sites": "sites", "secteurs": "sectors", "minutes": "minutes", "communes": "communes"}
#: Hypotheses that the territory decides, by their key.
HYPOTHESIS_KEYS = {"taux_echange": "absence_weight", "visites_par_mois": "visits_per_month"}
#: Keys that the file may have, by table; the first table is the top of the file.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("version", "nom", "mots", "cree_le", "fuseau"),
    "organisation": ("nom", "experimentation"),
    "decision": tuple(DECISION_KEYS),
    "identifiants": ("schema",),
    "regles": ("tailles", "tailles_proposees", "trajet_max"),
    "hypotheses": tuple(HYPOTHESIS_KEYS),
    "credits": tuple(CREDIT_KEYS),
    "fichiers": tuple(FILE_KEYS),
}


@dataclass
class ManifestReading:
    """Values of a manifest, read one by one, and the sentences on what is wrong with them."""

    content: Mapping[str, Any]
    faults: list[str] = field(default_factory=list)

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table, empty if it is missing or is none; its unknown keys are faults."""
        values = self.content if not name else self.content.get(name, {})
        if not isinstance(values, dict):
            self.faults.append(f"« {name} » doit être une section, écrite [{name}]")
            return {}
        known = {*KEYS[name], *(() if name else (table for table in KEYS if table))}
        where = f"[{name}]" if name else ""
        names = sorted(set(known))
        inside = f" dans {where}" if where else ""
        self.faults += [
            f"champ inconnu{inside} : « {shortened(key)} » (champs possibles : {', '.join(names)})"
            for key in sorted(set(values) - set(names))
        ]
        return values

    def take[T](self, table: str, key: str, default: T, check: Callable[[Any], T]) -> T:
        """Return a checked value, ``default`` if it is missing or wrong."""
        values = self.content.get(table, {}) if table else self.content
        if not isinstance(values, dict) or key not in values:
            return default
        try:
            return check(values[key])
        except (TypeError, ValueError) as error:
            where = f"[{table}] {key}" if table else key
            self.faults.append(f"{where} : {error}")
            return default

    def texts[T](self, kind: type[T], table: str, keys: Mapping[str, str], check: Any) -> T:  # noqa: ANN401 - a check of texts
        """Return a dataclass of texts, each checked."""
        default = kind()
        values = {
            name: self.take(table, key, getattr(default, name), check) for key, name in keys.items()
        }
        return kind(**values)

    def hypotheses(self) -> dict[str, DecidedHypothesis]:
        """Return the hypotheses that the territory decided, by field of `CostSettings`."""
        missing: DecidedHypothesis | None = None
        found = {
            name: self.take("hypotheses", key, missing, partial(checked_hypothesis, name))
            for key, name in HYPOTHESIS_KEYS.items()
        }
        return {name: decided for name, decided in found.items() if decided is not None}


#: Longest note, in bytes.
_MAX_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Source of a file."""

    source: str  # As a credit names them.
    licence: str
    day: str  # ISO day on which it was read.
    address: str  # Where it was read.
    sha256: str  # Of the file, in hexadecimal: a file that was changed since has another.

    @property
    def credit(self) -> str:
        """Credit of the data, in French."""
        return f"{self.source}, {self.licence}, lu le {long_date(self.day)}"


def read_note(file: Path) -> SourceNote | None:
    """Read the note beside a file; ``None`` if there is none, or it cannot be read."""
    try:
        with ordinary(file.with_name(f"{file.name}.source.json")).open("rb") as stream:
            content = json.loads(stream.read(_MAX_BYTES))
        note = SourceNote(**{name: checked_name(content[name]) for name in SourceNote.__slots__})
        checked_day(note.day)
    except (OSError, ValueError, TypeError, LookupError):
        return None
    return note


def credit_of(file: Path) -> str:
    """Return the credit of a file: that of the note beside it, else the name of the file."""
    note = read_note(file)
    if note is None:
        return file.name
    try:
        with ordinary(file).open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == note.sha256
    except OSError:
        return file.name
    return note.credit if same else f"{note.credit}, modifié depuis"


NAME = "territoire.toml"
#: File of who runs the sectors, as a document describes it.
ORGANISATION = "organisation.json"
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
        words=reading.take("", "mots", "sites", checked_words),
        scheme=reading.take("identifiants", "schema", Scheme.UAI, checked_scheme),
        sizes=reading.take("regles", "tailles", no_sizes, checked_sizes),
        proposed_sizes=reading.take("regles", "tailles_proposees", no_sizes, checked_sizes),
        max_minutes=reading.take("regles", "trajet_max", no_minutes, checked_minutes),
        hypotheses=reading.hypotheses(),
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
        "identifiants": {"schema": "" if manifest.scheme is Scheme.UAI else manifest.scheme.value},
        "regles": {
            "tailles": manifest.sizes,
            "tailles_proposees": manifest.proposed_sizes,
            "trajet_max": manifest.max_minutes,
        },
        "hypotheses": {
            key: {
                "valeur": decided.value,
                "par": decided.decided_by,
                "le": date.fromisoformat(decided.decided_on),
            }
            for key, name in HYPOTHESIS_KEYS.items()
            if (decided := manifest.hypotheses.get(name)) is not None
        },
        "credits": _changed(manifest.credits, FolderCredits(), CREDIT_KEYS),
        "fichiers": _changed(manifest.files, FolderFiles(), FILE_KEYS),
    }
    top = {
        "version": VERSION,
        "nom": manifest.name,
        "mots": "" if manifest.words == "sites" else manifest.words,
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
        use_folder(find_data_folder())


def use_folder(folder: Path, *, has_document: bool = True) -> None:
    """Use the words, ids and thresholds of a data folder; raise as `read_manifest`."""
    manifest = read_manifest(folder)
    organised = _is_organised(folder, manifest.files.sectors)
    use_territory(manifest, has_document=has_document, organised=organised)


def _is_organised(folder: Path, sectors: str) -> bool:
    """Return whether a folder says who runs its sectors: in a file of its own, or beside them."""
    if (folder / ORGANISATION).exists():
        return True
    try:
        content = json.loads(ordinary(folder / sectors).read_text(encoding="utf-8"))
        rows = content["secteurs"]
        named = any(row.get(key) for row in rows for key in ("rns", "centre_support", "tis"))
        return named or bool(content.get("calendrier"))
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return False  # its opening says what is wrong


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
