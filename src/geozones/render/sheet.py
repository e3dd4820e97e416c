"""Sheet: the page of a figure, its size, and the texts printed around the map."""

from dataclasses import dataclass
from typing import Any

from geozones.common.errors import InputError
from geozones.common.french import listing

#: Width, height (pixels) and dots per inch by name, landscape. At 1920 × 1080 and 144 dpi a vector
#: sheet is 13.33 × 7.5 inches: a 16:9 slide.
SIZES: dict[str, tuple[int, int, int]] = {
    "hd": (1920, 1080, 144),
    "4k": (3840, 2160, 288),
    "a4": (2339, 1654, 200),
    "a3": (3307, 2339, 200),
}
LEAST_PIXELS, _MOST = 480, 12_000
#: The short side of every sheet, in the units that figures are laid out in.
UNITS = 1080
#: What is said of a plan that nobody decided, and, for `worded`, of drafts.
UNDECIDED = "NON DÉCIDÉ : ce plan est un scénario."
DRAFTS = "Hachures : BROUILLON de l'outil{no_decision}."
#: Least size of type on a sheet and on a slide, in units; the same in print and on slides, and of
#: credits, in points, and in pixels of a screen 1080 high: sheets are enlarged for it.
LEAST, LEAST_IN_ROOM = 12.0, 15.0
PRINTED_PT, ON_SLIDES_PT, CREDIT_PT, ON_SCREEN_PX = 8.0, 14.0, 9.0, 14.0
_PAPER = frozenset({"a4", "a3"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Size of a page in pixels at ``dpi``, and its texts.

    ``date`` is ISO; ``scenario`` names the plan with its ``status``; its
    ``version`` is written in the file's properties alone; ``engine``
    says who made the travel times; ``undecided`` prints « non décidé » above
    the map; ``address`` is where the view is on the web, printed as a QR code; ``bare`` leaves
    title, legend and footer out, for a slide or page that has its own; the meaning of its signs is
    then printed below the map. ``zoom`` makes type, lines and signs
    larger: for a small picture seen from afar. ``room``: for a slide, which names few things, all
    of them large, and enlarges no town.
    """

    width_px: int = SIZES["hd"][0]
    height_px: int = SIZES["hd"][1]
    dpi: int = SIZES["hd"][2]
    title: str = ""
    subtitle: str = ""
    date: str = ""
    scenario: str = ""
    version: str = ""
    status: str = ""
    engine: str = ""
    sources: tuple[str, ...] = ()
    undecided: bool = False
    address: str = ""
    bare: bool = False
    zoom: float = 1.0
    room: bool = False

    def __post_init__(self) -> None:
        if not all(LEAST_PIXELS <= side <= _MOST for side in (self.width_px, self.height_px)):
            raise InputError(
                f"Une image doit avoir entre {LEAST_PIXELS} et {_MOST} pixels de côté."
            )

    @classmethod
    def named(cls, size: str, **words: Any) -> "Sheet":  # noqa: ANN401
        """Return a sheet of a named size: ``hd``, ``4k``, ``a4``, ``a3``.

        What is printed is enlarged where its type would be too small.
        """
        if size not in SIZES:
            raise InputError(
                f"La taille « {size} » n'existe pas : choisissez {listing([*SIZES], 'ou')}."
            )
        width, height, dpi = SIZES[size]
        printed = LEAST * height / UNITS * 72 / dpi
        zoom = max(PRINTED_PT / printed, 1.0) if size in _PAPER else ON_SCREEN_PX / LEAST
        return cls(width, height, dpi, zoom=zoom, **words)

    @property
    def unit(self) -> float:
        """Pixels per unit of the layout: sheets of one shape look alike at every size."""
        return self.zoom * min(self.width_px, self.height_px) / UNITS

    @property
    def credit_size(self) -> float:
        """Size of credits in units; pictures for screens have no size in points of their own."""
        return min(max(CREDIT_PT * self.dpi / 72 / self.unit, 10.0), 13.5)
