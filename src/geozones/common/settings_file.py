"""Settings file: its sections, checks of its values, contacts, and the app's public address.

Keys of services are never in it, only in the environment or in separate files.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from geozones.common.errors import InputError
from geozones.common.files import home_folder, ordinary, why

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SETTINGS_FILE = "settings.toml"
#: Sections of the file, one for each room that has settings.
SECTIONS = frozenset({"travel", "geocode", "service"})
#: Section of earlier versions that nothing reads.
_FORMER = "services"
_WORDS = {str: "un texte", int: "un nombre entier", float: "un nombre", bool: "true ou false"}


# Values are checked by hand: pydantic took as many lines and 8 % more time at each start, since its
# errors lack the bounds that the French sentences give (docs/decisions.md, 7).
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
            raise InputError(f"{self.path} : « {name} » doit être une section, écrite [{name}].")
        return Section(self.path, f"{self.name}.{name}" if self.name else name, value)

    def only(self, known: Iterable[str]) -> None:
        """Raise ``InputError`` for a setting that is not among the known names."""
        names = set(known)
        unknown = sorted(set(self.values) - names)
        if unknown:
            hint = " (la clé se donne par GEOZONES_ORS_KEY ou key_file)" if "key" in unknown else ""
            inside = f" dans [{self.name}]" if self.name else ""
            raise InputError(
                f"{self.path} : réglage inconnu{inside} : {', '.join(unknown)}{hint}. "
                f"Réglages possibles : {', '.join(sorted(names))}."
            )

    def typed(self, name: str, kind: type) -> Any:  # noqa: ANN401 - of that type
        """Return a value of a type, ``None`` if it is not set; raise ``InputError``."""
        value = self.values.get(name)
        if value is None:
            return None
        fits = isinstance(value, (int, float) if kind is float else kind)
        if not fits or isinstance(value, bool) is not (kind is bool):
            raise InputError(f"{self.path} : « {name} » doit être {_WORDS[kind]}.")
        return value

    def options(self, kind: type["DataclassInstance"], *others: str) -> dict[str, Any]:
        """Return the plain fields of a dataclass that are set, each of its field's type.

        Its fields of other types are not read here. ``others`` are further settings of the section,
        which the caller reads.
        """
        types = {field.name: field.type for field in fields(kind) if field.type in _WORDS}
        self.only({*types, *others})
        return {name: self.typed(name, types[name]) for name in types if name in self.values}

    def names(
        self, name: str, example: str, given: str | None, default: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the names given, separated by commas, else the names set, else the default."""
        value = self.values.get(name, list(default))
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise InputError(
                f"{self.path} : « {name} » doit être une liste de noms, comme {example}."
            )
        # the names of a list separated by commas, each once
        text = given or ",".join(value)
        return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))

    def folder(self, name: str, given: str | None = None) -> Path | None:
        """Return the folder given, else the folder set; raise ``InputError``."""
        value = given or self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or "\0" in value:
            raise InputError(f"{self.path} : « {name} » doit être le chemin d'un dossier.")
        return Path(value).expanduser()


def settings_path(environment: Mapping[str, str] | None = None) -> Path:
    """Return the path of the settings file, which may be missing."""
    env = os.environ if environment is None else environment
    named = env.get("GEOZONES_SETTINGS")
    return Path(named) if named else home_folder(env) / SETTINGS_FILE


def read_settings(environment: Mapping[str, str] | None = None) -> Section:
    """Read the settings file (``GEOZONES_SETTINGS``, else in the home folder); empty if missing."""
    env = os.environ if environment is None else environment
    path = settings_path(env)
    try:
        content = tomllib.loads(ordinary(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if env.get("GEOZONES_SETTINGS"):
            raise InputError(
                f"Le fichier de réglages {path} (GEOZONES_SETTINGS) n'existe pas."
            ) from None
        content = {}
    except OSError as error:
        raise InputError(
            f"Le fichier de réglages {path} ne peut pas être lu : {why(error)}."
        ) from error
    except ValueError as error:
        raise InputError(
            f"Le fichier de réglages {path} n'est pas du TOML lisible ({error})."
        ) from error
    content.pop(_FORMER, None)
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


_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Contacts:
    """Operator of the installation, and addresses (e-mail or web) to write to; "" if not given."""

    organisation: str = ""
    accessibility: str = ""
    personal_data: str = ""


def contacts(environment: Mapping[str, str] | None = None) -> Contacts:
    """Read the contacts of the installation."""
    section = read_settings(environment).section("service")
    section.only(("organisation", "accessibility", "personal_data"))
    values = {name: (section.typed(name, str) or "").strip() for name in section.values}
    for name, text in values.items():
        if len(text) > _LONGEST or not text.isprintable():
            raise InputError(
                f"{section.path} : service.{name} : {_LONGEST} caractères au plus, sur une ligne."
            )
    return Contacts(**values)


#: Query parameters of an address of the app: a scenario, a frozen version, a plan, a part of the
#: map.
SCENARIO, FROZEN, PLAN, SECTOR, ZONE = "scenario", "version", "plan", "secteur", "zone"
#: Query parameter of the personal link of a lycée that gives its opinion.
OPINION = "avis"
VARIABLE, EMBED_VARIABLE = "GEOZONES_PUBLIC_URL", "GEOZONES_EMBED_SITES"


def public_address(environment: Mapping[str, str] | None = None) -> str:
    """Return the address of ``GEOZONES_PUBLIC_URL`` without its last slash; "" if not set."""
    text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if text and not _is_address(text):
        raise InputError(
            f"{VARIABLE} : « {text[:80]} » n'est pas une adresse publique. Écrivez-la comme "
            "https://geozones.region.example, sans « ? » ni « # »."
        )
    return text.rstrip("/")


def embed_sites(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the sites that may embed the map (``GEOZONES_EMBED_SITES``)."""
    named = (os.environ if environment is None else environment).get(EMBED_VARIABLE, "")
    sites = tuple(dict.fromkeys(name.strip().rstrip("/") for name in named.split(",")))
    sites = tuple(site for site in sites if site)
    for site in sites:
        if not _is_address(site) or urlsplit(site).path or set(site) & set(";,*"):
            raise InputError(
                f"{EMBED_VARIABLE} : « {site[:80]} » n'est pas l'adresse d'un site. Écrivez par "
                "exemple https://www.region.example, plusieurs séparées par des virgules."
            )
    return sites


def link_to(base: str, page: str = "", asks: Mapping[str, str] | None = None) -> str:
    """Return the whole address of a page of the app at ``base``, with query parameters."""
    asked = f"?{urlencode(asks)}" if asks else ""
    return f"{base.rstrip('/')}/{page}{asked}"


def is_for_others(address: str) -> bool:
    """Return whether an address can be reached from another machine."""
    host = urlsplit(address).hostname or ""
    if not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not (ip_address(host).is_loopback or ip_address(host).is_unspecified)
    except ValueError:  # a host name
        return True


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    # characters that would end an attribute or a header are not allowed in an address
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\^`{|}")
    asks = "?" in text or "#" in text or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(host) and plain and not asks
