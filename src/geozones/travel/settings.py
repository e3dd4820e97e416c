"""Which engines to ask, in which order, and how to reach them: a settings file and the environment.

A variable of the environment wins over the file. A key is only ever read from the environment or
from a file of its own, never from the settings, and is never shown.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geozones.domain import InputError
from geozones.domain.files import home_folder, why

SETTINGS_FILE = "settings.toml"
DEFAULT_ENGINES = ("shipped", "estimate")
_TRAVEL = frozenset({"engines", "roads", "tiles", "openrouteservice"})
_ORS = {
    "url": str,
    "key_file": str,
    "profile": str,
    "max_pairs": int,
    "per_minute": int,
    "timeout_s": float,
    "budget_s": float,
    "retries": int,
    "cache_days": float,
}


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """How travel times are had.

    Parameters
    ----------
    home
        The user's own folder: built matrices, tiles, blocks received.
    engines
        Names, in the order to try them.
    roads
        Folder of a road graph (nodes.csv, edges.csv), for ``roadgraph``.
    tiles
        Folder of Valhalla's tiles.
    ors_url, ors_options
        A server of one's own, and what else its settings hold.
    ors_key
        The API key; never shown.
    """

    home: Path
    engines: tuple[str, ...] = DEFAULT_ENGINES
    roads: Path | None = None
    tiles: Path | None = None
    ors_url: str | None = field(default=None, repr=False)
    ors_key: str | None = field(default=None, repr=False)
    ors_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def matrix(self) -> Path:
        """The matrix that the user had built, in use instead of the shipped one if it is there."""
        return self.home / "travel_times.parquet"

    @property
    def tiles_folder(self) -> Path:
        """Where Valhalla's tiles are, or will be built."""
        return self.tiles or self.home / "valhalla"


def read_travel_settings(environment: Mapping[str, str] | None = None) -> TravelSettings:
    """Read the settings file (``GEOZONES_SETTINGS``, else the home folder's), then the environment.

    Raises
    ------
    InputError
        If the file cannot be read, or a value has no meaning; the message names it.
    """
    env = os.environ if environment is None else environment
    home = home_folder(env)
    named = env.get("GEOZONES_SETTINGS")
    path = Path(named) if named else home / SETTINGS_FILE
    travel = _travel_section(path, required=bool(named))
    ors = _section(travel, "openrouteservice", path)
    _only_known(ors, _ORS.keys(), path, "travel.openrouteservice")
    options = {key: _typed(ors[key], key, path) for key in ors if key not in {"url", "key_file"}}
    engines = env.get("GEOZONES_ENGINES")
    return TravelSettings(
        home=home,
        engines=_names(engines) if engines else _listed(travel.get("engines"), path),
        roads=_path(env.get("GEOZONES_ROADS_DIR") or travel.get("roads"), "roads", path),
        tiles=_path(env.get("GEOZONES_TILES_DIR") or travel.get("tiles"), "tiles", path),
        ors_url=env.get("GEOZONES_ORS_URL")
        or (_typed(ors["url"], "url", path) if "url" in ors else None),
        ors_key=env.get("GEOZONES_ORS_KEY") or _key(ors, path),
        ors_options=options,
    )


def _travel_section(path: Path, *, required: bool) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            msg = f"Le fichier de réglages {path} (GEOZONES_SETTINGS) n'existe pas."
            raise InputError(msg) from None
        return {}
    except OSError as error:
        msg = f"Le fichier de réglages {path} ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"Le fichier de réglages {path} n'est pas du TOML lisible ({error})."
        raise InputError(msg) from error
    _only_known(content, {"travel"}, path, "")
    travel = _section(content, "travel", path)
    _only_known(travel, _TRAVEL, path, "travel")
    return travel


def _section(content: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        msg = f"{path} : « {name} » doit être une section, écrite [{name}]."
        raise InputError(msg)
    return section


def _only_known(section: Mapping[str, Any], known: Any, path: Path, where: str) -> None:  # noqa: ANN401 - any container
    unknown = sorted(set(section) - set(known))
    if unknown:
        hint = " (la clé se donne par GEOZONES_ORS_KEY ou key_file)" if "key" in unknown else ""
        inside = f" dans [{where}]" if where else ""
        msg = (
            f"{path} : réglage inconnu{inside} : {', '.join(unknown)}{hint}. "
            f"Réglages possibles : {', '.join(sorted(known))}."
        )
        raise InputError(msg)


def _typed(value: Any, name: str, path: Path) -> Any:  # noqa: ANN401
    kind = _ORS[name]
    fits = isinstance(value, (int, float) if kind is float else kind)
    if not fits or isinstance(value, bool):
        word = {str: "un texte", int: "un nombre entier", float: "un nombre"}[kind]
        msg = f"{path} : « {name} » doit être {word}."
        raise InputError(msg)
    return value


def _listed(value: Any, path: Path) -> tuple[str, ...]:  # noqa: ANN401
    if value is None:
        return DEFAULT_ENGINES
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        msg = f'{path} : « engines » doit être une liste de noms, comme ["shipped", "estimate"].'
        raise InputError(msg)
    return _names(",".join(value))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _path(value: Any, name: str, path: Path) -> Path | None:  # noqa: ANN401
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value:
        msg = f"{path} : « {name} » doit être le chemin d'un dossier."
        raise InputError(msg)
    return Path(value).expanduser()


def _key(ors: Mapping[str, Any], path: Path) -> str | None:
    if "key_file" not in ors:
        return None
    file = Path(_typed(ors["key_file"], "key_file", path)).expanduser()
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "ce n'est pas du texte"
        msg = f"Le fichier de la clé {file} ne peut pas être lu : {reason}."
        raise InputError(msg) from error
