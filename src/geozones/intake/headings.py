"""Lines that start a zone or a sector, cut or misread as they may be."""

import re

from rapidfuzz import fuzz

from geozones.domain.folding import folded, lookalike
from geozones.intake.documents import Line

ZONE = "Zone de continuité de service"
_ZONE = lookalike(ZONE)
_SECTOR = lookalike("secteur")
_ALIKE = 84.0
_LONGEST = 60
_NUMBERED = re.compile(r"zone(?: de continuite(?: de service)?)?(?: n)? ?(\d{1,3}|[a-z]\b).*")


def zone_heading(line: Line) -> str | None:
    """Return what starts a zone, as it is printed in its first cell; ``None`` if nothing does."""
    filled = [cell for cell in line.cells if cell.strip()]
    if not filled or len(filled) > 2 or len(filled[0]) > _LONGEST * 2:
        return None
    if all(_starts_zone(cell) for cell in filled) or (
        len(filled) == 2 and _starts_zone(filled[1]) and len(filled[0]) < 20
    ):
        return filled[0]
    if len(filled) == 1 and _NUMBERED.fullmatch(folded(filled[0])):
        return filled[0]
    return None


def is_whole(text: str) -> bool:
    """Tell whether a zone's heading is printed in full, or has a name of its own."""
    plain = lookalike(text)
    return fuzz.ratio(plain, _ZONE) >= 90 or _NUMBERED.fullmatch(folded(text)) is not None


def label(text: str) -> str:
    """Return the name that a heading gives its zone; empty for the usual words."""
    if not _NUMBERED.fullmatch(folded(text)):
        return ""
    return text.strip()


def _starts_zone(text: str) -> bool:
    plain = lookalike(text)
    if len(plain) < 6:
        return False
    if len(plain) <= len(_ZONE) + 4:
        return fuzz.ratio(plain, _ZONE[: len(plain)]) >= _ALIKE and plain[:2] == _ZONE[:2]
    # a lost tab: « Zone de continZone de continuité de service »
    return plain[:6] == _ZONE[:6] and fuzz.partial_ratio(_ZONE, plain) >= 92


def is_piece_of_zone(line: Line) -> bool:
    """Tell whether a line is the rest of a zone's heading that was cut in two."""
    plain = lookalike(line.text)
    return len(plain) >= 3 and plain in _ZONE


def sector_heading(line: Line) -> str | None:
    """Return the name of the sector that a line starts: « Secteur Mayenne »."""
    filled = [cell for cell in line.cells if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > _LONGEST:
        return None
    first, _, rest = filled[0].strip().partition(" ")
    if not rest.strip() or fuzz.ratio(lookalike(first), _SECTOR) < _ALIKE:
        return None
    return None if lookalike(first).endswith("s") else rest.strip()
