"""Merge of several matrices of travel times."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from geozones.domain.provenance import Provenance
from geozones.domain.times import FIGURES, TravelTimes


def merge_times(
    origins: Sequence[str], destinations: Sequence[str], parts: Iterable[TravelTimes]
) -> TravelTimes:
    """Merge matrices, ``float[origin, destination]``; NaN for pairs that no matrix has.

    The first matrix that has a pair gives it. Every figure keeps its maker and interval.

    Raises
    ------
    ValueError
        If there is no matrix to merge.
    """
    shape = (len(origins), len(destinations))
    figures = {name: np.full(shape, np.nan) for name in FIGURES}
    maker, filled = np.zeros(shape, np.uint8), np.zeros(shape, bool)
    makers: list[Provenance] = []
    for block in parts:
        known = [maker_of for maker_of in block.makers if maker_of not in makers]
        makers += known
        rank = np.array([makers.index(maker_of) for maker_of in block.makers], np.uint8)
        rows, r = _common_ranks(origins, block.origin_index)
        columns, c = _common_ranks(destinations, block.destination_index)
        at, of = np.ix_(rows, columns), np.ix_(r, c)
        new = ~filled[at]
        for name, table in block.figures.items():
            figures[name][at] = np.where(new, table[of], figures[name][at])
        maker[at] = np.where(new, rank[block.maker_ranks[of]], maker[at])
        filled[at] = True
    first, *others = makers
    return TravelTimes(
        tuple(origins),
        tuple(destinations),
        provenance=first,
        others=tuple(others),
        maker=maker if others else None,
        **figures,
    )


def _common_ranks(places: Sequence[str], index: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Return the ranks, in both lists, of the places that both contain."""
    both = [(rank, index[place]) for rank, place in enumerate(places) if place in index]
    return [rank for rank, _ in both], [rank for _, rank in both]
