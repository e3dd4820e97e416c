"""Parser of positions that someone typed or pasted, in the notations of maps and people."""

import math
import re

from geozones.common.errors import InputError
from geozones.domain.places import Spot

_MAX_LENGTH = 200
_SIGNS = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2212": "-", "′": "'", "’": "'", "″": '"', "”": '"',
        "º": "°",
    }
)  # fmt: skip
_NUMBER = r"[+-]?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"({_NUMBER})°?(?:\s*[,;/]\s*|\s+)({_NUMBER})°?")
_COMMAS = re.compile(r"([+-]?\d{1,3},\d+)\s*[,;]?\s*([+-]?\d{1,3},\d+)")
_POINT = r"(?P<point>[NSEWO])"
_ANGLE = (
    rf"(?P<degrees>{_NUMBER})\s*°?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'(?!')\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|'')\s*)?"
)
#: The cardinal point stands before both angles, or after each angle that has a cardinal point.
_BEFORE = re.compile(rf"{_POINT}\s*{_ANGLE}", re.IGNORECASE)
_AFTER = re.compile(rf"{_ANGLE}{_POINT}?", re.IGNORECASE)
_REFUSED = (
    "Cette position n'est pas lisible : écrivez « latitude, longitude » en degrés, par exemple "
    "47,2184 -1,5536 ou 47°13'06\" N 1°33'13\" O."
)


def read_coordinates(text: str) -> Spot:
    """Return the position written in a text, in WGS84 degrees.

    Decimal degrees with a comma or a point (``47,2184 -1,5536``, ``47.2184, -1.5536``), or degrees,
    minutes and seconds with cardinal points in any order (``47°13'06" N 1°33'13" O``; W and O are
    both west).

    Raises
    ------
    InputError
        If the position cannot be read, or is not on Earth.
    """
    text = " ".join(text[:_MAX_LENGTH].translate(_SIGNS).strip(" ()[]").split())
    degrees = _decimal(text) or _sexagesimal(text)
    if degrees is None:
        raise InputError(_REFUSED)
    return checked_spot(*degrees)


def checked_spot(lat: object, lon: object) -> Spot:
    """Return a valid position; raise ``InputError`` if it is not on Earth."""
    for value, most in ((lat, 90), (lon, 180)):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not -most <= value <= most:  # type: ignore[operator]
            msg = (
                "Cette position n'est pas sur Terre : la latitude va de -90 à 90 degrés, la "
                "longitude de -180 à 180."
            )
            raise InputError(msg)
    return Spot(round(float(lat), 6), round(float(lon), 6))  # type: ignore[arg-type]


def _decimal(text: str) -> tuple[float, float] | None:
    if re.fullmatch(_NUMBER, text):
        return None  # one number with a decimal comma
    match = _COMMAS.fullmatch(text) or _PAIR.fullmatch(text)
    return None if match is None else (_number(match[1]), _number(match[2]))


def _sexagesimal(text: str) -> tuple[float, float] | None:
    pattern = _BEFORE if text[:1].isalpha() else _AFTER
    first = pattern.match(text)
    second = first and pattern.fullmatch(text[first.end() :].lstrip(" ,;/"))
    if first is None or second is None:
        return None
    (axis, one), (other, two) = _angle(first), _angle(second)
    if math.isnan(one) or math.isnan(two):
        return None
    if (axis, other) in {("lat", "lon"), ("", "")}:
        return one, two
    return (two, one) if (axis, other) == ("lon", "lat") else None


def _angle(match: re.Match[str]) -> tuple[str, float]:
    """Return the axis of the cardinal point, and degrees; NaN if they are invalid."""
    point = (match["point"] or "").upper()
    minutes, seconds = _number(match["minutes"] or "0"), _number(match["seconds"] or "0")
    negative = match["degrees"].startswith("-")
    wrong = (match["seconds"] and not match["minutes"]) or minutes >= 60 or seconds >= 60
    if wrong or (point and negative):
        return "", math.nan
    value = abs(_number(match["degrees"])) + minutes / 60 + seconds / 3600
    axis = "" if not point else "lat" if point in {"N", "S"} else "lon"
    return axis, -value if negative or point in {"S", "W", "O"} else value


def _number(text: str) -> float:
    return float(text.replace(",", "."))
