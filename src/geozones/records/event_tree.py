"""Rules between the events of a scenario: each follows one that is there, and none is twice."""

from collections.abc import Iterable, Iterator, Mapping

from geozones.domain import Event


def tree_faults(
    events: Iterable[Event], head: str | None, known: Mapping[str, object]
) -> Iterator[str]:
    """Yield what is wrong between events, and a head, that come after the events ``known``."""
    seen = set(known)
    for event in events:
        where = f"changement {event.id}"
        if event.id in seen:
            yield f"{where} : il y est déjà"
        if event.parent is not None and event.parent not in seen:
            yield f"{where} : le changement qui le précède n'existe pas"
        seen.add(event.id)
    if head is not None and head not in seen:
        yield "le dernier changement appliqué n'existe pas"
