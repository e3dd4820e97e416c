"""Parsers of figures that services write as numbers or as text."""

import math


def figure(value: object) -> float | None:
    """Read a number, or text with a decimal point or comma; ``None`` for anything else."""
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def degrees(value: object, most: float) -> float | None:
    """Parse an angle between -``most`` and ``most`` degrees; ``None`` for anything else."""
    angle = figure(value)
    return angle if angle is not None and abs(angle) <= most else None
