"""The main sheets against pictures that were looked at and approved.

To approve new ones: look at each at full size, then run this file with ``APPROVE_SHEETS=1``.
"""

import io
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from geozones.export.pictures import png
from geozones.render.figure import Figure
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .conftest import Draw
from .sheets import Drawn, scene, sheet

APPROVED = Path(__file__).parent / "approved"
MAIN = ("region", "mayenne", "nantes", "zone:MAY-3", "pair")
#: Pictures are compared at this width.
WIDTH = 640
#: Mean difference of a channel (of 255), and share of pixels that are plainly another colour.
MEAN, OTHER = 1.2, 0.012


def small(drawn: Drawn) -> Image.Image:
    image = Image.open(io.BytesIO(png(drawn.figure))).convert("RGB")
    return image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.BOX)


def alike(image: Image.Image, view: str) -> bool:
    """Tell whether a picture is the one approved, up to what another machine may draw otherwise."""
    with Image.open(path_of(view)) as file:
        approved = np.asarray(file.convert("RGB"), dtype=float)
    drawn = np.asarray(image, dtype=float)
    assert drawn.shape == approved.shape
    gap = np.abs(drawn - approved)
    return bool(gap.mean() < MEAN and (gap.max(axis=2) > 60).mean() < OTHER)


def path_of(view: str) -> Path:
    return APPROVED / f"{view.replace(':', '-')}.png"


@pytest.mark.parametrize("view", slow_but(MAIN, "region"))
def test_a_sheet_looks_like_the_one_approved(drawn: Draw, view: str) -> None:
    image = small(drawn(view))
    if os.environ.get("APPROVE_SHEETS"):
        APPROVED.mkdir(exist_ok=True)
        image.quantize(256, dither=Image.Dither.NONE).save(path_of(view), optimize=True)
    assert alike(image, view)


@pytest.mark.slow
def test_one_zone_of_another_colour_is_seen(study: Study) -> None:
    shown = scene(study)
    zones = tuple(
        replace(zone, colour="#7fb2ff") if zone.id == "MAY-4" else zone for zone in shown.zones
    )
    drawn = Drawn(Figure((replace(shown, zones=zones),), study.atlas.ground, sheet()))
    assert not alike(small(drawn), "region")
