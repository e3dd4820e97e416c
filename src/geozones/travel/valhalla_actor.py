"""Valhalla actor over a folder of tiles, with settings for a whole region."""

import json
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.domain.errors import EngineUnavailableError
from geozones.travel.valhalla_package import base_config
from geozones.travel.valhalla_tiles import REBUILD

ALGORITHM = "timedistancematrix"
"""3 to 5 times as fast as Valhalla's own choice for 124 × 124 (measured)."""
_WITHOUT_LIMIT = 1_000_000_000
_MAX_CROW_M = 2_000_000
"""Crow distance allowed in a matrix or a route.

Not more: Valhalla sets up its search in proportion of it for each place, and at 10⁹ m a 124 × 124
matrix takes 8 times as long (measured).
"""


def open_actor(valhalla: ModuleType, tiles: Path) -> Any:  # noqa: ANN401 - an untyped package's
    """Open a folder of tiles as Valhalla's actor, which reads its settings from a file only.

    Raises
    ------
    EngineUnavailableError
        If the tiles do not open.
    """
    config = _config(base_config(valhalla, tiles))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "valhalla.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        try:
            return valhalla.Actor(str(path))
        except (RuntimeError, OSError) as error:
            message = f"Les tuiles Valhalla ne s'ouvrent pas ({error}) : {REBUILD}."
            raise EngineUnavailableError(message) from error


def _config(config: dict[str, Any]) -> dict[str, Any]:
    """Override Valhalla's defaults: allow a whole region, and places without a route."""
    config["thor"]["source_to_target_algorithm"] = ALGORITHM
    # else a place on an island makes Valhalla refuse the whole matrix
    config["loki"]["use_connectivity"] = False
    auto = config["service_limits"]["auto"]
    for limit in ("max_distance", "max_matrix_location_pairs", "max_locations"):
        auto[limit] = _WITHOUT_LIMIT
    auto["max_matrix_distance"] = _MAX_CROW_M
    # allows a route request without pruning
    config["service_limits"]["max_distance_disable_hierarchy_culling"] = _MAX_CROW_M
    isochrone = config["service_limits"]["isochrone"]
    isochrone.update(max_contours=100, max_time_contour=24 * 60, max_distance=_WITHOUT_LIMIT)
    return config
