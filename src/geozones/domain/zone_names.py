"""Names of zones, made of their towns and lycées."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from geozones.domain.entities import Lycee

#: Separator of the parts of a name; longest name, and most parts.
SEPARATOR = " – "
_LONGEST, _PARTS = 40, 3


def is_true_name(name: str, lycees: Iterable[Lycee]) -> bool:
    """Tell whether a name fits some lycées: each part and each of their towns is in the other.

    A part may be a part of a town's or of a lycée's name: « Saint-Gilles ».
    """
    lycees, parts = tuple(lycees), name.split(SEPARATOR)
    words = [word for lycee in lycees for word in (lycee.commune, lycee.name)]
    fits = all(any(part in word for word in words) for part in parts)
    return fits and all(
        any(part in town for part in parts) for town in {lycee.commune for lycee in lycees}
    )


def zone_name(lycees: Sequence[Lycee], taken: Collection[str] = ()) -> str:
    """Return a name for a zone of some lycées, which is none of the names taken.

    It lists the towns with the most lycées, as many as fit; in one town, the town and the lycée
    with the most pupils whose name is free.
    """
    counts = Counter(lycee.commune for lycee in lycees)
    towns = sorted(counts, key=lambda town: (-counts[town], town))
    if len(towns) > 1:
        for count in range(min(len(towns), _PARTS), 0, -1):
            name = SEPARATOR.join(towns[:count])
            if len(name) <= _LONGEST and name not in taken:
                return name
    ranked = sorted(lycees, key=lambda lycee: (-(lycee.pupils or 0), lycee.name))
    for lycee in ranked:
        name = SEPARATOR.join((lycee.commune, lycee.name.split(SEPARATOR)[0]))
        if len(name) <= _LONGEST and name not in taken:
            return name
    return f"{towns[0]}{SEPARATOR}{ranked[0].id}"
