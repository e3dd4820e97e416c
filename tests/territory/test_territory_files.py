"""Files of the territory: what is no file of shapes is refused."""

from pathlib import Path

import pandas as pd
import pytest
import shapely

from geozones.common.errors import DataFileError
from geozones.territory.territory_files import read_cells, read_communes

#: A shape in a table that does not say it has shapes, bytes that are no shape, and a text.
SHAPES = {
    "undeclared": shapely.to_wkb(shapely.box(0, 0, 1, 1)),
    "cut": b"\0",
    "text": "POINT (0 0)",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_table_that_is_no_file_of_shapes_is_refused(tmp_path: Path, shape: object) -> None:
    path = tmp_path / "cells.parquet"
    pd.DataFrame({"id": ["A"], "geometry": [shape]}).to_parquet(path)
    with pytest.raises(DataFileError, match="illisible ou altéré"):
        read_cells(path, ["A"], "")
    with pytest.raises(DataFileError, match="illisible ou altéré"):
        read_communes(path)
