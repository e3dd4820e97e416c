"""Studies over data made by hand, without a data folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geozones.domain import Settings, TravelTimes
from geozones.domain.decisions import Locks
from geozones.intake.data_folder import DataFolder
from geozones.render import MapGround
from geozones.territory.shapes import adjacency
from geozones.travel.engine_chain import TravelSettings
from geozones.workspace.figures.analysis import analysis_of
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.folder.drives import Drives
from geozones.workspace.folder.territory import territory_of


def study_over(
    data: DataFolder,
    times: TravelTimes,
    cells: Mapping[str, BaseGeometry],
    settings: Settings | None = None,
) -> Study:
    """Return the plan of some data, with its drives and cells; no commune, no matrix file."""
    lycees = {key: (lycee.lat, lycee.lon) for key, lycee in data.lycees.items()}
    drives = Drives(TravelSettings(home=Path()), Path("travel_times.parquet"), lycees, {}, times)
    atlas = Atlas(data, drives, cells, adjacency(cells), ground=MapGround())
    return study_of(analysis_of(territory_of(atlas), settings))


def locked(study: Study, locks: Locks) -> Study:
    """Return a study where some things are locked."""
    return replace(study, state=replace(study.state, locks=locks))
