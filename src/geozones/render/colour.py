"""Colours as ``#rrggbb``: OKLCH, contrast, tints with a given lightness in grey.

Sources: Ottosson, "A perceptual color space for image processing" (2020), for OKLCH, and WCAG 2.1
for contrast, both as the library coloraide computes them; ITU-R BT.601 for the grey of printers.
"""

from functools import lru_cache

from coloraide import Color

#: Weights of the coded red, green and blue in the grey of printers and image tools.
_REC_601 = (0.299, 0.587, 0.114)
#: Bisection steps in the search of a lightness: finer than a step of a channel.
_HALVINGS = 16


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return an OKLCH colour (hue in degrees); with less chroma if sRGB cannot show it."""
    return _written(_oklch(lightness, chroma, hue))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours (WCAG 2.1, 1.4.3), from 1 to 21."""
    return float(Color(first).contrast(Color(second), method="wcag21"))


def mixed(colour: str, other: str, part: float) -> str:
    """Return two ``#rrggbb`` colours mixed in coded sRGB, ``part`` (0 to 1) of the second."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


@lru_cache(maxsize=512)
def tint(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour of a hue (OKLCH, degrees) whose grey has a given CIE L*.

    A colour has two greys, by its luminance and in print; ``lightness`` is their mean.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _grey(_oklch(middle, chroma, hue)) < lightness:
            low = middle
        else:
            high = middle
    return oklch(high, chroma, hue)


def _oklch(lightness: float, chroma: float, hue: float) -> Color:
    return Color("oklch", [lightness, chroma, hue]).convert("srgb").fit(method="oklch-chroma")


def _written(colour: Color) -> str:
    return str(colour.to_string(hex=True))


def _grey(colour: Color) -> float:
    """Return the mean CIE L* of a colour's two greys."""
    printed = sum(weight * part for weight, part in zip(_REC_601, colour[:3], strict=True))
    coded = Color("srgb", [printed] * 3)
    return float(colour.convert("lab-d65")[0] + coded.convert("lab-d65")[0]) / 2
