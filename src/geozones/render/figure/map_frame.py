"""Map projection from degrees to units of the sheet, in a box of the page."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Bounds


class Box(NamedTuple):
    """Rectangle of the sheet, in its units, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in units."""
        return self.top - self.bottom

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def inset(self, margin: float) -> "Box":
        """Return the box reduced by a margin on all sides."""
        return Box(self.left + margin, self.bottom + margin, self.right - margin, self.top - margin)

    def touches(self, other: "Box") -> bool:
        """Return whether two boxes overlap by more than a border."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def holds(self, other: "Box") -> bool:
        """Return whether the box contains another box."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )

    def nearest_to(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return the point of the box nearest to a point."""
        x, y = point
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Return the metres of a degree of longitude and of latitude (WGS84 ellipsoid, series)."""
    phi = math.radians(latitude)
    along = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    up = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return along, up


@dataclass(frozen=True)
class Frame:
    """Projection into a box of the sheet.

    The point (``longitude``, ``latitude``), in degrees, is drawn at ``centre`` (units of the
    sheet). The projection is equirectangular with the true scale at the middle latitude, north up:
    over the region lengths are correct within 2 %, and nothing looks stretched.
    """

    box: Box
    longitude: float
    latitude: float
    metres_per_unit: float
    centre: tuple[float, float]

    @classmethod
    def fit(
        cls, bounds: Bounds, box: Box, scale: float = 1.0, align: tuple[float, float] = (0.5, 0.5)
    ) -> "Frame":
        """Return the frame that shows all of ``bounds`` (west, south, east, north) in a box.

        A ``scale`` of less than 1 leaves a margin; ``align`` (x, y) is its side: 0 puts the bounds
        at the left or the bottom of the box, 1 at the right or the top.
        """
        west, south, east, north = bounds
        latitude = (south + north) / 2
        along, up = metres_per_degree(latitude)
        across, high = max((east - west) * along, 1.0), max((north - south) * up, 1.0)
        metres = max(across / box.width, high / box.height) / scale
        x = box.left + across / metres / 2 + (box.width - across / metres) * align[0]
        y = box.bottom + high / metres / 2 + (box.height - high / metres) * align[1]
        return cls(box, (west + east) / 2, latitude, metres, (x, y))

    def points(self, places: np.ndarray) -> np.ndarray:
        """Project places: float[n, (longitude, latitude)], degrees, to float[n, (x, y)], units."""
        along, up = metres_per_degree(self.latitude)
        offset = places - (self.longitude, self.latitude)
        moved: np.ndarray = offset * (along, up) / self.metres_per_unit + self.centre
        return moved

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Project a place; return x and y in units of the sheet."""
        x, y = self.points(np.array([[longitude, latitude]]))[0].tolist()
        return x, y

    def shape(self, geometry: BaseGeometry, margin: float = 8.0) -> BaseGeometry:
        """Project a geometry, clipped to ``margin`` outside the box and simplified to 0.2 units."""
        placed = shapely.transform(geometry, self.points)
        left, bottom, right, top = self.box.inset(-margin)
        cut = shapely.clip_by_rect(placed, left, bottom, right, top)
        return shapely.simplify(cut, 0.2) if max(cut.area, cut.length) > 1 else cut

    def lines(self, geometry: BaseGeometry) -> list[np.ndarray]:
        """Project lines, clipped a little outside the box: each float[n, (x, y)]."""
        parts = shapely.get_parts(shapely.line_merge(self.shape(geometry, 20.0)))
        return [shapely.get_coordinates(part) for part in parts if part.length > 0]

    @property
    def bounds(self) -> Bounds:
        """Bounds of the box: west, south, east, north in degrees."""
        along, up = metres_per_degree(self.latitude)
        (x, y), size = self.centre, self.metres_per_unit
        return (
            self.longitude + (self.box.left - x) * size / along,
            self.latitude + (self.box.bottom - y) * size / up,
            self.longitude + (self.box.right - x) * size / along,
            self.latitude + (self.box.top - y) * size / up,
        )
