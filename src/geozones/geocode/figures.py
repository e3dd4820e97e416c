"""Reading figures that services write as numbers or as text."""

import math


def figure(value: object) -> float | None:
    """Read a number, or text with a decimal point or comma; ``None`` for anything else."""
    if isinstance(value, bool):
        return None
    try:
        found = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def degrees(value: object, most: float) -> float | None:
    """Read an angle of ``most`` degrees at most, either way; ``None`` for anything else."""
    found = figure(value)
    return found if found is not None and abs(found) <= most else None
