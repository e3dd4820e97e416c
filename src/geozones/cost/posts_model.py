"""Resource model of the T.I.P. posts that the needs of a zone fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.domain.teams import SLOTS


@dataclass(frozen=True)
class PostsModel:
    """Whole full-time T.I.P. posts: the needs of the zone over ten half-days, rounded up.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id).
    """

    key: ClassVar[str] = "posts"

    needs: Mapping[str, int] = field(hash=False)

    def on(self, lycees: tuple[str, ...]) -> "ZonePosts":
        """Return the posts of zones of these lycées (ids), numbered in their order."""
        return ZonePosts(np.array([float(self.needs[key]) for key in lycees]))

    def restricted(self, lycees: Sequence[str]) -> "PostsModel":
        """Return the model over some lycées (ids) only."""
        return replace(self, needs={key: self.needs[key] for key in lycees})


@dataclass(frozen=True, eq=False)
class ZonePosts:
    """Posts of zones of numbered lycées; ``needs`` is ``float[n]``."""

    needs: NDArray[np.float64]

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the posts of some zones (``uint16[zone, k]``), ``float[zone]``."""
        posts: NDArray[np.float64] = np.ceil(self.needs[members].sum(axis=1) / SLOTS - 1e-9)
        return posts
