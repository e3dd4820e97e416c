"""Colours as eyes and printers take them: OKLCH, contrast, and how far apart two of them are.

Sources: Ottosson, "A perceptual color space for image processing" (2020), for OKLCH; WCAG 2.1 for
contrast; Sharma, Wu & Dalal, "The CIEDE2000 color-difference formula" (2005); Machado, Oliveira &
Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009);
ITU-R BT.601 for the grey of printers.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

type Lab = tuple[float, float, float]

#: Linear sRGB to CIE XYZ, and the white of D65.
_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)
#: What is left of linear red, green and blue in protanopia and deuteranopia (full severity).
_DEFICIENCIES = (
    (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
)
#: Weights of the coded values in the grey that printers and image tools make.
_REC_601 = (0.299, 0.587, 0.114)
#: How far apart the greys of a colour of `toned` may be, in L*.
SPREAD = 3.0


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the sRGB colour ``#rrggbb`` of an OKLCH colour (hue in degrees), clipped to gamut."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(value)):02x}" for value in linear)


def _gamma(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _straight(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours (WCAG 2.1, 1.4.3), from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i:j], 16) / 255 for i, j in pairwise((1, 3, 5, 7)))


def _luminance(colour: str) -> float:
    return _weighed([_straight(value) for value in _channels(colour)], (0.2126, 0.7152, 0.0722))


def _weighed(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


# -- told apart ------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def apart(first: str, second: str) -> float:
    """Return how far apart two colours are, CIEDE2000, for whoever sees them least.

    Looks at them with usual sight, in protanopia, in deuteranopia, and in grey: of luminance, and
    the one that printers make.
    """
    pairs = zip(_sights(first), _sights(second), strict=True)
    return min(ciede2000(a, b) for a, b in pairs)


@lru_cache(maxsize=2048)
def _sights(colour: str) -> tuple[Lab, ...]:
    linear = [_straight(value) for value in _channels(colour)]
    seen = [tuple(_weighed(linear, row) for row in matrix) for matrix in _DEFICIENCIES]
    greys = [(value,) * 3 for value in _greys(colour)]
    return tuple(_lab(each) for each in (tuple(linear), *seen, *greys))


def _greys(colour: str) -> tuple[float, float]:
    """Return the linear grey of a colour, by its luminance and as printers make it."""
    return _luminance(colour), _straight(_weighed(_channels(colour), _REC_601))


def _lab(linear: Sequence[float]) -> Lab:
    """Return CIE L*a*b* (D65) of linear sRGB, cut to what a screen shows."""
    shown = [min(max(value, 0.0), 1.0) for value in linear]
    x, y, z = (_root(_weighed(shown, row) / white) for row, white in zip(_XYZ, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(value: float) -> float:
    return math.cbrt(value) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def ciede2000(first: Lab, second: Lab) -> float:
    """Return the CIEDE2000 difference of two colours in CIE L*a*b*."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1 = math.degrees(math.atan2(b1, a1 * stretch)) % 360
    h2 = math.degrees(math.atan2(b2, a2 * stretch)) % 360
    turn, hue = h2 - h1, h1 + h2
    if c1 * c2 == 0:
        turn = 0.0
    elif abs(turn) > 180:
        turn -= math.copysign(360, turn)
        hue = (hue + 360 if hue < 360 else hue - 360) / 2
    else:
        hue /= 2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight = (
        1
        - 0.17 * _cos(hue - 30)
        + 0.24 * _cos(2 * hue)
        + 0.32 * _cos(3 * hue + 6)
        - 0.20 * _cos(4 * hue - 63)
    )
    square = (light - 50) ** 2
    by_light = (l2 - l1) / (1 + 0.015 * square / math.sqrt(20 + square))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = 2 * math.sqrt(c1 * c2) * _sin(turn / 2) / (1 + 0.015 * chroma * weight)
    bend = 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    twist = -_sin(60 * math.exp(-(((hue - 275) / 25) ** 2))) * bend
    total = by_light**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue
    return math.sqrt(max(total, 0.0))


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))


@lru_cache(maxsize=512)
def toned(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour of a hue whose grey has a CIE L*.

    Luminance and printers do not agree on the grey of every hue: those get less than ``chroma``,
    until they are at most ``SPREAD`` apart, ``lightness`` in the middle.
    """
    while True:
        colour, spread = _around(lightness, chroma, hue)
        if spread <= SPREAD or chroma <= 0:
            return colour
        chroma -= 0.004


def _around(lightness: float, chroma: float, hue: float) -> tuple[str, float]:
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        colour = oklch(middle, chroma, hue)
        one, other = (116 * _root(grey) - 16 for grey in _greys(colour))
        if (one + other) / 2 < lightness:
            low = middle
        else:
            high = middle
    return colour, abs(one - other)
