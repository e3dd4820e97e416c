"""The main sheets against pictures that were looked at and approved.

To approve new ones: look at each at full size, then run this file with ``GEOZONES_APPROVE=1``.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from .conftest import Draw

APPROVED = Path(__file__).parent / "approved"
MAIN = ("region", "mayenne", "nantes", "zone:MAY-3", "pair", "portrait")
#: Pictures are compared at this width.
WIDTH = 640
#: Mean difference of a channel (of 255), and share of pixels that are plainly another colour.
MEAN, OTHER = 1.2, 0.012


def small(figure_canvas: FigureCanvasAgg) -> Image.Image:
    figure_canvas.draw()
    image = Image.fromarray(np.asarray(figure_canvas.buffer_rgba())).convert("RGB")
    return image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.BOX)


@pytest.mark.parametrize("view", MAIN)
def test_a_sheet_looks_like_the_one_approved(drawn: Draw, view: str) -> None:
    path = APPROVED / f"{view.replace(':', '-')}.png"
    image = small(FigureCanvasAgg(drawn(view).figure))
    if os.environ.get("GEOZONES_APPROVE"):
        path.parent.mkdir(exist_ok=True)
        image.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    with Image.open(path) as file:
        approved = np.asarray(file.convert("RGB"), dtype=float)
    found = np.asarray(image, dtype=float)
    assert found.shape == approved.shape
    gap = np.abs(found - approved)
    assert gap.mean() < MEAN
    assert (gap.max(axis=2) > 60).mean() < OTHER


def test_another_sheet_is_not_taken_for_the_one_approved(drawn: Draw) -> None:
    """The tolerance tells plans apart: one zone of another colour is seen."""
    image = np.asarray(small(FigureCanvasAgg(drawn("region").figure)), dtype=float)
    with Image.open(APPROVED / "region.png") as file:
        approved = np.asarray(file.convert("RGB"), dtype=float)
    zone = np.abs(approved - approved[150, 430]).max(axis=2) < 12
    assert 0.003 < zone.mean() < 0.2
    image[zone] = 255 - image[zone]
    assert np.abs(image - approved).mean() > MEAN
