"""Another judge of colours than the code under test: colour-science."""

from itertools import combinations

import colour
import numpy as np
import shapely

from geozones.domain import Plan
from geozones.workspace.figures.study import Study

_D65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
_DEUTERANOPIA = colour.blindness.matrix_cvd_Machado2009("Deuteranomaly", 1.0)
_PROTANOPIA = colour.blindness.matrix_cvd_Machado2009("Protanomaly", 1.0)


def seen(colours: list[str]) -> dict[str, np.ndarray]:
    """Return CIE L*a*b*, float[n, 3], by who looks: usual sight, two deficiencies, two greys."""
    coded = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = colour.models.eotf_sRGB(coded)
    luminance = linear @ (0.2126, 0.7152, 0.0722)
    printed = colour.models.eotf_sRGB(coded @ (0.299, 0.587, 0.114))
    sights = {
        "usual": linear,
        "deuteranopia": np.clip(linear @ np.transpose(_DEUTERANOPIA), 0, 1),
        "protanopia": np.clip(linear @ np.transpose(_PROTANOPIA), 0, 1),
        "grey": np.repeat(luminance[:, None], 3, axis=1),
        "printed grey": np.repeat(printed[:, None], 3, axis=1),
    }
    return {name: lab(rgb) for name, rgb in sights.items()}


def lab(linear: np.ndarray) -> np.ndarray:
    coded = colour.models.eotf_inverse_sRGB(linear)
    return colour.XYZ_to_Lab(colour.sRGB_to_XYZ(coded), _D65)


def differences(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Return the least CIEDE2000 of pairs of ``#rrggbb`` colours, by who looks."""
    first, second = (seen([pair[i] for pair in pairs]) for i in (0, 1))
    return {
        name: float(colour.delta_E(first[name], second[name], method="CIE 2000").min())
        for name in first
    }


def touching(study: Study, plan: Plan) -> list[tuple[str, str]]:
    """Return the zones whose shapes share a border of some length, by their geometry."""
    zones = [zone.id for zone in plan.zones if plan.members(zone.id)]
    shapes = {zone: study.territory.shape(plan.members(zone)) for zone in zones}
    return [
        (a, b)
        for a, b in combinations(zones, 2)
        if shapes[a].intersects(shapes[b])
        and shapely.intersection(shapes[a], shapes[b]).length > 1e-6
    ]
