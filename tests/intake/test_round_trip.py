"""What geozones writes, it reads again."""

from collections.abc import Callable

import pytest

from geozones.export import Dossier
from geozones.export.attributes import csv_bytes
from geozones.export.geo import geojson
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

from .conftest import Import


@pytest.fixture(scope="module")
def exported(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView())


@pytest.mark.parametrize("write", [csv_bytes, geojson])
def test_an_export_gives_back_its_lycees_zones_and_sectors(
    imported: Import, exported: Dossier, write: Callable[[Dossier], bytes]
) -> None:
    report = imported(write(exported))
    zones, sectors = report.listing.zones, report.listing.sectors
    listed = {
        (row.id, row.name, row.commune, zones[row.zone].name, sectors[zones[row.zone].sector].name)
        for row in report.accepted
    }
    assert listed == {
        (lycee.id, lycee.name, lycee.commune, zone.name, sector.name)
        for sector, zone, lycee in exported.lines()
    }
    assert (report.ambiguous, report.rejected) == ((), ())
    assert {repair.field for repair in report.repairs} <= {"uai_associes"}
