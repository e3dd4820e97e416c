"""Reader of a road graph from its two tables, ``nodes.csv`` and ``edges.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geozones.common.files import ordinary
from geozones.travel.network import RoadGraph

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def graph_from_tables(nodes: pd.DataFrame, edges: pd.DataFrame) -> RoadGraph:
    """Check the two tables and build a graph from them.

    Raises
    ------
    ValueError
        If an edge names an unknown node, or has a length or speed that is not positive.
    """
    index = pd.Index(nodes["id"])
    u, v = index.get_indexer(edges["u"]), index.get_indexer(edges["v"])
    if (u < 0).any() or (v < 0).any():
        row = int(np.flatnonzero((u < 0) | (v < 0))[0])
        message = f"edge {row} names a node that is not in the table of nodes"
        raise ValueError(message)
    km, kmh = edges["km"].to_numpy(float), edges["kmh"].to_numpy(float)
    if not ((km > 0) & (kmh > 0)).all():
        row = int(np.flatnonzero(~((km > 0) & (kmh > 0)))[0])
        message = f"edge {row} must have a positive length (km) and speed (kmh)"
        raise ValueError(message)
    return RoadGraph(
        lat=nodes["lat"].to_numpy(float),
        lon=nodes["lon"].to_numpy(float),
        u=np.asarray(u, np.int64),
        v=np.asarray(v, np.int64),
        km=km,
        kmh=kmh,
        road_class=edges["class"].to_numpy(str),
    )


def load_graph(folder: Path) -> RoadGraph:
    """Read ``nodes.csv`` and ``edges.csv`` of a folder.

    Raises
    ------
    OSError
        If one of the two files cannot be read.
    ValueError
        As `graph_from_tables`.
    """
    return graph_from_tables(
        pd.read_csv(ordinary(folder / "nodes.csv")),
        pd.read_csv(ordinary(folder / "edges.csv"), keep_default_na=False),
    )
