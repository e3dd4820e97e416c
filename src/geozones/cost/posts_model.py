"""Resource model of the T.I.P. posts of a zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.closed_form import whole_posts

type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PostsModel:
    """Whole full-time T.I.P. posts: the needs of the zone over ten half-days, rounded up.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id).
    staffed
        Zones (ids of their lycées, sorted) whose posts are not as many, and how many they are.
    """

    key: ClassVar[str] = "posts"

    needs: Mapping[str, int] = field(hash=False)
    staffed: Mapping[tuple[str, ...], int] = field(default_factory=dict, hash=False)

    def on(self, lycees: tuple[str, ...]) -> "ZonePosts":
        """Return the posts of zones of these lycées (ids), numbered in their order."""
        number = {key: rank for rank, key in enumerate(lycees)}
        staffed = [
            (np.array(sorted(number[key] for key in zone)), count)
            for zone, count in self.staffed.items()
            if number.keys() >= set(zone)
        ]
        return ZonePosts(np.array([float(self.needs[key]) for key in lycees]), staffed)

    def restricted(self, lycees: Sequence[str]) -> "PostsModel":
        """Return the model over some lycées (ids) only."""
        return replace(self, needs={key: self.needs[key] for key in lycees})


@dataclass(frozen=True, eq=False)
class ZonePosts:
    """Posts of zones of numbered lycées; ``needs`` is ``float[n]``."""

    needs: Floats
    staffed: Sequence[tuple[NDArray[np.intp], int]] = ()

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the posts of some zones (``uint16[zone, k]``), ``float[zone]``."""
        return self.of_columns(members.T)

    def of_columns(self, columns: NDArray[np.integer]) -> Floats:
        """Return the posts of some zones, given as ``int[k, zone]``."""
        posts = whole_posts(self.needs[columns])
        for members, count in self.staffed:
            if len(members) == len(columns):
                posts[(columns == members[:, None]).all(axis=0)] = count
        return posts
