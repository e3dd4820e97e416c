"""Change of the points to watch between two plans, in words: new, worse, lifted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from geozones.common.french import capital, plural

_NEW, _WORSE, _LIFTED = ("nouveau", "nouveaux"), ("aggravé", "aggravés"), ("levé", "levés")


@dataclass(frozen=True, slots=True)
class PointsTold:
    """Sentences of the points to watch that a change of plan brings, worsens and lifts.

    They are all listed, so that there are as many as are counted:
    points after = points before + ``new`` - ``lifted``.
    """

    new: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()

    @property
    def _lists(self) -> tuple[tuple[tuple[str, str], tuple[str, ...]], ...]:
        return (_NEW, self.new), (_WORSE, self.worse), (_LIFTED, self.lifted)

    @property
    def brought(self) -> tuple[str, ...]:
        """The new points, then those that get worse: ``Nouveau : …``, ``Aggravé : …``."""
        return self.lines[: len(self.new) + len(self.worse)]

    @property
    def ended(self) -> tuple[str, ...]:
        """The points that are lifted: ``Levé : …``."""
        return self.lines[len(self.new) + len(self.worse) :]

    @property
    def lines(self) -> tuple[str, ...]:
        """Every point, after what becomes of it."""
        return tuple(f"{capital(one)} : {said}" for (one, _), each in self._lists for said in each)

    @property
    def titled(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that have points, under a title: ``Points de vigilance nouveaux``."""
        return tuple(
            (f"Points de vigilance {many}", each) for (_, many), each in self._lists if each
        )

    @property
    def counted(self) -> str:
        """The three counts: ``4 nouveaux, 2 aggravés, 2 levés``; empty if nothing changes."""
        return ", ".join(plural(len(each), *words) for words, each in self._lists if each)

    @property
    def sentence(self) -> str:
        """The counts in a sentence: ``Points de vigilance : 4 nouveaux, 2 aggravés, 2 levés.``."""
        return f"Points de vigilance : {self.counted or 'aucun changement'}."

    def written(self, how: Callable[[str], str]) -> Self:
        """Return the same points, each sentence as a function writes it."""
        return type(self)(*(tuple(map(how, each)) for _, each in self._lists))


NO_CHANGE = PointsTold()
