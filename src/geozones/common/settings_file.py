"""Settings file: its path, its sections, and checks of its values.

Keys of services are never in it, only in the environment or in separate files.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geozones.common.errors import InputError
from geozones.common.files import home_folder, ordinary, why

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SETTINGS_FILE = "settings.toml"
#: Sections of the file, one for each room that has settings.
SECTIONS = frozenset({"travel", "geocode", "service"})
_WORDS = {str: "un texte", int: "un nombre entier", float: "un nombre"}


# Values are checked by hand: pydantic took as many lines and 8 % more time at each start, since its
# errors lack the bounds that the French sentences give (docs/decisions/0007).
@dataclass(frozen=True)
class Section:
    """Section of the settings file, as parsed from TOML; ``path`` and ``name`` are for messages."""

    path: Path
    name: str
    values: Mapping[str, Any]

    def section(self, name: str) -> "Section":
        """Return a subsection, empty if it is missing; raise ``InputError``."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            msg = f"{self.path} : « {name} » doit être une section, écrite [{name}]."
            raise InputError(msg)
        return Section(self.path, f"{self.name}.{name}" if self.name else name, value)

    def only(self, known: Iterable[str]) -> None:
        """Raise ``InputError`` for a setting that is not among the known names."""
        names = set(known)
        unknown = sorted(set(self.values) - names)
        if unknown:
            hint = " (la clé se donne par GEOZONES_ORS_KEY ou key_file)" if "key" in unknown else ""
            inside = f" dans [{self.name}]" if self.name else ""
            msg = (
                f"{self.path} : réglage inconnu{inside} : {', '.join(unknown)}{hint}. "
                f"Réglages possibles : {', '.join(sorted(names))}."
            )
            raise InputError(msg)

    def typed(self, name: str, kind: type) -> Any:  # noqa: ANN401 - of that type
        """Return a value of a type, ``None`` if it is not set; raise ``InputError``."""
        value = self.values.get(name)
        if value is None:
            return None
        fits = isinstance(value, (int, float) if kind is float else kind)
        if not fits or isinstance(value, bool):
            msg = f"{self.path} : « {name} » doit être {_WORDS[kind]}."
            raise InputError(msg)
        return value

    def options(self, kind: type["DataclassInstance"], *others: str) -> dict[str, Any]:
        """Return the text and number fields of a dataclass that are set, each of its field's type.

        Parameters
        ----------
        kind
            The dataclass; its fields of other types are not read here.
        others
            Other settings of the section, read by the caller.

        Raises
        ------
        InputError
            If a value has another type, or a setting is unknown.
        """
        types = {field.name: field.type for field in fields(kind) if field.type in _WORDS}
        self.only({*types, *others})
        return {name: self.typed(name, types[name]) for name in types if name in self.values}

    def names(
        self, name: str, example: str, given: str | None, default: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the names given, separated by commas, else the names set, else the default.

        Raises
        ------
        InputError
            If the setting is not a list of names, even if names are given.
        """
        value = self.values.get(name, list(default))
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            msg = f"{self.path} : « {name} » doit être une liste de noms, comme {example}."
            raise InputError(msg)
        return split_names(given or ",".join(value))

    def folder(self, name: str, given: str | None = None) -> Path | None:
        """Return the folder given, else the folder set; raise ``InputError``."""
        value = given or self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or "\0" in value:
            msg = f"{self.path} : « {name} » doit être le chemin d'un dossier."
            raise InputError(msg)
        return Path(value).expanduser()


def split_names(text: str) -> tuple[str, ...]:
    """Return the names of a list separated by commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def read_settings(environment: Mapping[str, str] | None = None) -> Section:
    """Read the settings file (``GEOZONES_SETTINGS``, else in the home folder); empty if missing.

    Raises
    ------
    InputError
        If it cannot be read, is not TOML, or has an unknown section.
    """
    env = os.environ if environment is None else environment
    named = env.get("GEOZONES_SETTINGS")
    path = Path(named) if named else home_folder(env) / SETTINGS_FILE
    try:
        content = tomllib.loads(ordinary(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            msg = f"Le fichier de réglages {path} (GEOZONES_SETTINGS) n'existe pas."
            raise InputError(msg) from None
        content = {}
    except OSError as error:
        msg = f"Le fichier de réglages {path} ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"Le fichier de réglages {path} n'est pas du TOML lisible ({error})."
        raise InputError(msg) from error
    settings = Section(path, "", content)
    settings.only(SECTIONS)
    return settings


def host_of(url: str) -> str:
    """Return the host and port of a web address, safe to show; empty when it cannot be read."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    return f"{host}:{port}" if port else host
