"""RNS and support centre of each sector of a list, from the paragraphs around its tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from geozones.domain.terms import terms, worded
from geozones.intake.directory import Directory, DirectoryEntry
from geozones.intake.documents import Note
from geozones.intake.import_report import Accepted
from geozones.intake.listing import ListedSector, Listing
from geozones.intake.similarity import name_similarity, name_words

#: Least similarity of a lycée's name with the name of the support centre.
_SAME_CENTRE = 80.0


@dataclass
class SectorLeaders:
    """Support centre (lycée id) and RNS of the sectors, by rank; remarks on unknown names."""

    centres: dict[int, str] = field(default_factory=dict)
    rns: dict[int, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def sector_leaders(
    listing: Listing, directory: Directory, accepted: Sequence[Accepted]
) -> SectorLeaders:
    """Match the leaders in a list with its sectors, by the names of the sectors.

    A support centre is searched among the lycées of its sector.
    """
    result = SectorLeaders()
    for leader in listing.leaders:
        sector = _sector(leader.sector, listing.sectors)
        if sector is None:
            continue
        result.rns[sector.rank] = leader.rns
        zones = {zone.rank for zone in listing.zones if zone.sector == sector.rank}
        members = (directory.by_id[row.id] for row in accepted if row.zone in zones and row.known)
        centre = _centre(leader.centre, members)
        if centre is not None:
            result.centres[sector.rank] = centre
        elif leader.centre:
            what = (
                f"{worded('{Support_centre}')} « {leader.centre} » : {terms().site.no} du secteur "
                "n'a ce nom."
            )
            result.notes.append(Note(leader.row, what))
    return result


def _sector(name: str, sectors: Iterable[ListedSector]) -> ListedSector | None:
    """Return the sector with the most similar name; ``None`` if there is no sector."""
    words = name_words(name)
    return max(
        sectors,
        key=lambda sector: name_similarity(words, name_words(sector.name)),
        default=None,
    )


def _centre(name: str, members: Iterable[DirectoryEntry]) -> str | None:
    """Return the id of the lycée of the sector with the most similar name, if similar enough."""
    words = name_words(name)
    similarity, lycee = max(
        (
            (max(name_similarity(words, known) for known in entry.variants), entry.id)
            for entry in members
        ),
        default=(0.0, ""),
    )
    return lycee if similarity >= _SAME_CENTRE else None
