"""Forced choices: a lycée in a given zone, a zone of exactly given lycées."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ForcedChoices:
    """Forced choices, for lycées by their numbers.

    Parameters
    ----------
    placed
        Lycées with the other lycées of their required zone: at least half of these must share its
        zone, so that it is still the same zone.
    made
        Zones that the plan must have.
    """

    placed: tuple[tuple[int, tuple[int, ...]], ...] = ()
    made: tuple[tuple[int, ...], ...] = ()

    def agree(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones of one size (``uint16[zone, k]``) respect the choices."""
        agree = np.ones(len(members), bool)
        for lycee, others in self.placed:
            shared = np.isin(members, others).sum(axis=1)
            agree &= (members != lycee).all(axis=1) | (2 * shared >= len(others))
        for zone in self.made:
            shared = np.isin(members, zone).sum(axis=1)
            agree &= (shared == 0) | (shared == len(zone)) & (members.shape[1] == len(zone))
        return agree
