"""Deck under construction: presentation, two layouts, and the body of a slide, in inches."""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.presentation import Presentation
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches


@dataclass(frozen=True, slots=True)
class SlideBox:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def sizes(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height in the units of python-pptx."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    @property
    def bottom(self) -> float:
        """The bottom, in inches from the top of the slide."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """The right side, in inches from the left of the slide."""
        return self.left + self.width

    def below(self, top: float) -> "SlideBox":
        """Return the rest of the box below a height, in inches from the top of the slide."""
        return SlideBox(self.left, top, self.width, max(self.bottom - top, 0.0))

    def columns(self, count: int, gap: float = 0.22) -> list["SlideBox"]:
        """Split the box into ``count`` columns of equal width."""
        width = (self.width - gap * (count - 1)) / max(count, 1)
        return [
            SlideBox(self.left + rank * (width + gap), self.top, width, self.height)
            for rank in range(count)
        ]


@dataclass(frozen=True, slots=True)
class Deck:
    """Deck under construction.

    Parameters
    ----------
    presentation
        The file, with its properties.
    first, others
        The layout of the first slide, and of all other slides; each has a title.
    body, footer
        Boxes for the content of a slide, and for the line below it.
    title_sizes
        Sizes tried for a title, in points, the largest first.
    own
        Whether the template is the tool's: titles then have its colours.
    """

    presentation: Presentation
    first: SlideLayout
    others: SlideLayout
    body: SlideBox
    footer: SlideBox
    title_sizes: Sequence[float]
    own: bool = True
