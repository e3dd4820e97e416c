"""Lines that start a zone or a sector, cut or misread as they may be."""

import re

from rapidfuzz import fuzz

from geozones.domain.folding import folded, lookalike
from geozones.intake.documents import Line

ZONE = "Zone de continuité de service"
_ZONE = lookalike(ZONE)
#: A heading as a slide's table gives it: its cut ghost, then itself.
_TWICE = lookalike(f"Zone de contin {ZONE}")
_END = lookalike("service")
_SECTOR = lookalike("secteur")
_ALIKE = 84.0
#: The longer a piece, the less it takes: nothing else looks like it.
_PIECE, _LONG_PIECE, _LONG = 85.0, 76.0, 16
_LONGEST = 60
_SHORTEST_START, _SHORTEST_PIECE = 6, 8
_NUMBERED = re.compile(r"zone(?: de continuite(?: de service)?)?(?: n)? ?(\d{1,3}|[a-z]\b).*")


def printed(line: Line) -> str:
    """Return the first cell of a line that holds something."""
    return next((cell.strip() for cell in line.cells if cell.strip()), "")


def is_piece(line: Line) -> bool:
    """Tell whether a line is a zone's heading, or a part of one that was cut."""
    plain = lookalike(line.text)
    if not plain or len(plain) > len(_TWICE) + 5:
        return False
    enough = _PIECE if len(plain) < _LONG else _LONG_PIECE
    return plain in _TWICE or (len(plain) > 4 and fuzz.partial_ratio(plain, _TWICE) >= enough)


def starts_zone(line: Line) -> bool:
    """Tell whether a line starts a zone: « Zone de conti » does."""
    plain = lookalike(line.text)
    first = fuzz.ratio(plain[:4], _ZONE[:4]) >= 75
    return is_piece(line) and first and len(plain) >= _SHORTEST_START


def is_long_piece(line: Line) -> bool:
    """Tell whether a part of a heading is long enough to be nothing else."""
    return is_piece(line) and len(lookalike(line.text)) >= _SHORTEST_PIECE


def is_finished(text: str) -> bool:
    """Tell whether a heading, put together again, is there to its end."""
    return fuzz.partial_ratio(_END, lookalike(text)[-12:]) >= _ALIKE


def is_whole(text: str) -> bool:
    """Tell whether a zone's heading is printed in full."""
    return fuzz.ratio(lookalike(text), _ZONE) >= 90


def zone_name(line: Line) -> str | None:
    """Return the name that a heading gives its zone: « Zone 3 : Rezé »; ``None`` if it is none."""
    filled = [cell for cell in line.cells if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > _LONGEST or not _NUMBERED.fullmatch(folded(filled[0])):
        return None
    return filled[0].strip()


def sector_name(line: Line) -> str | None:
    """Return the name of the sector that a line starts: « Secteur Mayenne »."""
    filled = [cell for cell in line.cells if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > _LONGEST:
        return None
    first, _, rest = filled[0].strip().partition(" ")
    if not rest.strip() or fuzz.ratio(lookalike(first), _SECTOR) < _ALIKE:
        return None
    return None if lookalike(first).endswith("s") else rest.strip()
