"""Settings of travel times: engines, their order, and their access.

A variable of the environment takes precedence over the file. A key is only ever read from the
environment or from a separate file, never from the settings, and is never shown.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geozones.common.errors import InputError
from geozones.common.files import home_folder, ordinary, why
from geozones.common.settings_file import Section, read_settings

DEFAULT_ENGINES = ("shipped", "estimate")
_TRAVEL = frozenset({"engines", "roads", "tiles", "openrouteservice"})


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """Engines of the travel times, and their access."""

    home: Path  # The user's own folder: built matrices, tiles, blocks received.
    engines: tuple[str, ...] = DEFAULT_ENGINES  # Names, in the order to try them.
    roads: Path | None = None  # Folder of a road graph (nodes.csv, edges.csv), for ``roadgraph``.
    tiles: Path | None = None  # Folder of Valhalla's tiles.
    #: A private server, and its other settings.
    ors_url: str | None = field(default=None, repr=False)
    ors_key: str | None = field(default=None, repr=False)  # The API key; never shown.
    ors_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def matrix(self) -> Path:
        """The user's own matrix, used instead of the shipped one if it exists."""
        return self.home / "travel_times.parquet"

    @property
    def tiles_folder(self) -> Path:
        """Folder of Valhalla's tiles, built or not."""
        return self.tiles or self.home / "valhalla"


def read_travel_settings(environment: Mapping[str, str] | None = None) -> TravelSettings:
    """Read the settings file (``GEOZONES_SETTINGS``, else the home's), then the variables."""
    env = os.environ if environment is None else environment
    travel = read_settings(env).section("travel")
    travel.only(_TRAVEL)
    ors = travel.section("openrouteservice")
    options: dict[str, Any] = {}
    if ors.values:
        from geozones.travel.openrouteservice import OrsSettings  # noqa: PLC0415 - a web client

        options = ors.options(OrsSettings, "key_file")
    engines = travel.names(
        "engines", '["shipped", "estimate"]', env.get("GEOZONES_ENGINES"), DEFAULT_ENGINES
    )
    return TravelSettings(
        home=home_folder(env),
        engines=engines,
        roads=travel.folder("roads", env.get("GEOZONES_ROADS_DIR")),
        tiles=travel.folder("tiles", env.get("GEOZONES_TILES_DIR")),
        ors_url=env.get("GEOZONES_ORS_URL") or options.pop("url", None),
        ors_key=env.get("GEOZONES_ORS_KEY") or _key(ors),
        ors_options=options,
    )


def _key(ors: Section) -> str | None:
    named = ors.typed("key_file", str)
    if named is None:
        return None
    file = Path(named).expanduser()
    try:
        return ordinary(file).read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "ce n'est pas du texte"
        raise InputError(f"Le fichier de la clé {file} ne peut pas être lu : {reason}.") from error
