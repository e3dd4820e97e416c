import re
from itertools import combinations

import pytest

from geozones.domain import DecisionStatus, Sector
from geozones.domain.plan import plan_of
from geozones.render import Palette
from geozones.render.figure.basemap import OUTSIDE
from geozones.render.palette import contrast, oklch
from geozones.workspace.figures.study import Study


def test_contrast_is_the_one_of_wcag_and_oklch_gives_the_primaries() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#fedcba") == contrast("#fedcba", "#123456")
    assert oklch(0, 0, 0) == "#000000"
    assert oklch(1, 0, 0) == "#ffffff"
    assert oklch(0.62796, 0.25768, 29.234) == "#ff0000"
    assert re.fullmatch("#[0-9a-f]{6}", oklch(0.9, 0.4, 140))  # out of gamut: less chroma


def test_inks_are_readable_on_white_outside_the_region_and_in_one_of_twelve_sectors(
    study: Study,
) -> None:
    names = study.atlas.ground.names
    assert {name.kind for name in names} >= {"river", "departement", "motorway", "town"}
    for ink in (*study.atlas.palette.ink.values(), *(name.ink for name in names)):
        assert contrast(ink, "#ffffff") >= 4.5
        assert contrast(ink, OUTSIDE) >= 4.5
    sectors = [Sector(f"s{rank}", f"Secteur {rank}", DecisionStatus.DRAFT) for rank in range(12)]
    palette = Palette.of(plan_of(sectors, [], {}))
    assert len(set(palette.ink.values())) == 12
    assert all(contrast(ink, "#ffffff") >= 4.5 for ink in palette.ink.values())


def test_a_new_sector_has_a_hue_of_its_own_and_recolours_no_other(study: Study) -> None:
    plan, palette = study.plan, study.atlas.palette
    born = [Sector(f"n{rank}", f"Neuf {rank}", DecisionStatus.PROPOSED) for rank in range(3)]
    for count in (1, 3):
        wider = plan_of((*plan.sectors, *born[:count]), plan.zones, plan.zone_by_lycee)
        after = study.territory.palette(wider)
        assert {key: after.sector[key] for key in palette.sector} == palette.sector
        assert {key: after.zone[key] for key in palette.zone} == palette.zone
        gaps = [abs(a - b) % 360 for a, b in combinations(after.hue.values(), 2)]
        assert len(after.hue) == 7 + count
        assert min(min(gap, 360 - gap) for gap in gaps) > 20
        assert all(contrast(after.ink[sector.id], "#ffffff") >= 4.5 for sector in born[:count])
