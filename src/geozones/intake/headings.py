"""Recognition of headings of zones and sectors, even if they are cut or misread."""

import re

from rapidfuzz import fuzz

from geozones.common.folding import folded, lookalike
from geozones.domain.uai import is_uai
from geozones.intake.documents import DocumentLine

ZONE = "Zone de continuité de service"
_ZONE = lookalike(ZONE)
#: A heading as in text copied from a slide: its beginning, then the whole of it.
_TWICE = lookalike(f"Zone de contin {ZONE}")
_END = lookalike("service")
_SECTOR = lookalike("secteur")
_SAME_WORD = 84.0
_LONGEST = 60
#: Least similarity of a line with a part of a heading; a long heading looks like nothing else.
_PART, _LONG_PART, _LONG = 85.0, 76.0, 16
_SHORTEST_START, _SHORTEST_PART = 6, 8
_NUMBERED = re.compile(r"zone(?: de continuite(?: de service)?)?(?: n)? ?(\d{1,3}|[a-z]\b).*")
_TOTAL = re.compile(r"((sous )?tota(l|ux)|moyennes?|effectif total)\b")


def is_total(line: DocumentLine) -> bool:
    """Return whether a line is a total or a mean: its first cell says so, and it has no code."""
    first = folded(line.filled[0]) if line.filled else ""
    return bool(_TOTAL.match(first)) and not any(is_uai(cell.strip()) for cell in line.filled)


def is_part(line: DocumentLine) -> bool:
    """Return whether a line is a zone's heading, or a part of one."""
    plain = lookalike(line.text)
    if not plain or len(plain) > len(_TWICE) + 5:
        return False
    threshold = _PART if len(plain) < _LONG else _LONG_PART
    return plain in _TWICE or (len(plain) > 4 and fuzz.partial_ratio(plain, _TWICE) >= threshold)


def is_long_part(line: DocumentLine) -> bool:
    """Return whether a line is a part of a zone's heading too long to be anything else."""
    return is_part(line) and len(lookalike(line.text)) >= _SHORTEST_PART


def starts_zone(line: DocumentLine) -> bool:
    """Return whether a line is the beginning of a zone's heading: « Zone de conti » is."""
    plain = lookalike(line.text)
    begins = fuzz.ratio(plain[:4], _ZONE[:4]) >= 75
    return is_part(line) and begins and len(plain) >= _SHORTEST_START


def is_finished(text: str) -> bool:
    """Return whether a heading, joined from several lines, includes its last word."""
    return fuzz.partial_ratio(_END, lookalike(text)[-12:]) >= _SAME_WORD


def is_whole(text: str) -> bool:
    """Return whether a text is the whole of a zone's heading."""
    return fuzz.ratio(lookalike(text), _ZONE) >= 90


def zone_name(line: DocumentLine) -> str | None:
    """Return the name in a heading like « Zone 3 : Rezé »; ``None`` if the line is no heading."""
    text = _only_text(line)
    return text if _NUMBERED.fullmatch(folded(text)) else None


def sector_name(line: DocumentLine) -> str | None:
    """Return « Mayenne » for the heading « Secteur Mayenne »; ``None`` if the line is none."""
    first, _, name = _only_text(line).partition(" ")
    word = lookalike(first)
    if not name.strip() or fuzz.ratio(word, _SECTOR) < _SAME_WORD or word.endswith("s"):
        return None
    return name.strip()


def sector_name_of_two(line: DocumentLine, below: DocumentLine) -> str | None:
    """Return the name in a sector's heading cut into two lines; ``None`` if they are no heading."""
    if sector_name(below) is not None:
        return None
    return sector_name(DocumentLine(line.number, (line.text + below.text,)))


def _only_text(line: DocumentLine) -> str:
    """Return the only filled cell of a line; empty if there are several, or it is too long."""
    filled = line.filled
    return filled[0] if len(filled) == 1 and len(filled[0]) <= _LONGEST else ""
