"""Effect of a change of plan: who loses, who gains, posts, figures, verdict."""

from collections.abc import Callable
from dataclasses import dataclass

from geozones.effect.losses import Loss, of_places
from geozones.effect.words import short_gain, short_loss, told_gains, told_losses
from geozones.metrics import Change, Judgement
from geozones.metrics.metric_changes import (
    NO_VERDICT,
    FigureEffect,
    change_text,
    effect_on,
    scope_of,
    short_text,
)


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of a change of plan, as every screen, file and answer tells it."""

    #: Where there are more posts, and fewer, in French sentences; empty if no zone's posts change.
    posts: str
    #: The figures of `MetricPlace.HEADLINE`, always all and in the same order. Minutes are those of
    #: the zones whose lycées change, taken together.
    figures: tuple[Change, ...]
    #: The whole plan after against the plan before; ``None`` where their numbers of posts differ:
    #: hours saved by a post more, or lost by a post less, say nothing of the map.
    judgement: Judgement | None
    #: The road of T.I.S., in a sentence, where a lycée changes sector; else empty.
    tis: str = ""
    basis: str = ""  # As of a `Judgement`, where there is none.
    losses: tuple[Loss, ...] = ()  # Who loses, the worst first; see `geozones.effect.losses`.
    gains: tuple[Loss, ...] = ()  # Who gains, the greatest first: the losses of the way back.

    @property
    def verdict(self) -> str:
        """Judgement with the rate in force if nobody decided it, or why there is none."""
        return self._no_verdict if self.judgement is None else self.judgement.text

    @property
    def short_verdict(self) -> str:
        """Judgement in short: ``favorable``, or why there is none."""
        return self._no_verdict if self.judgement is None else self.judgement.short

    @property
    def _no_verdict(self) -> str:
        return f"{NO_VERDICT} ({self.basis})" if self.basis else NO_VERDICT

    @property
    def conclusion(self) -> str:
        """The verdict as a sentence."""
        return f"Au total : {self.verdict}."

    @property
    def told(self) -> tuple[str, ...]:
        """Who loses, who gains, posts, all the figures, worse ones first, T.I.S., in sentences."""
        whom = (*self.lost, *self.gained, self.posts)
        return (*filter(None, whom), *self.by_effect.values(), *filter(None, (self.tis,)))

    @property
    def lost(self) -> tuple[str, ...]:
        """The worst losses in sentences, then how many others there are; posts are in `posts`."""
        return told_losses(of_places(self.losses))

    @property
    def gained(self) -> tuple[str, ...]:
        """The greatest gains in sentences, then how many others there are."""
        return told_gains(self.gains)

    @property
    def lost_in_short(self) -> tuple[str, ...]:
        """`lost` in few words."""
        return told_losses(of_places(self.losses), write=short_loss)

    @property
    def gained_in_short(self) -> tuple[str, ...]:
        """`gained` in few words."""
        return told_gains(self.gains, write=short_gain)

    @property
    def by_effect(self) -> dict[FigureEffect, str]:
        """All the figures in a sentence per effect, what gets worse first."""
        return self._by_effect(change_text)

    @property
    def by_effect_in_short(self) -> dict[FigureEffect, str]:
        """The same, with `short_text` of each figure."""
        return self._by_effect(short_text)

    def _by_effect(self, write: Callable[[Change, str], str]) -> dict[FigureEffect, str]:
        parts = {
            effect: [
                write(change, scope_of(change))
                for change in self.figures
                if effect_on(change) is effect
            ]
            for effect in FigureEffect
        }
        return {effect: f"{effect} : {', '.join(said)}." for effect, said in parts.items() if said}

    @property
    def in_short(self) -> str:
        """All the figures on one line: ``route +91 h, sans technicien −81 h, postes +1…``."""
        return ", ".join(short_text(change, scope_of(change)) for change in self.figures)

    @property
    def is_better(self) -> bool:
        """Whether the whole gets better."""
        return self.judgement is not None and self.judgement.is_better is True

    @property
    def is_worse(self) -> bool:
        """Whether somebody loses, or the whole or a figure gets worse, posts among them."""
        if self.losses:
            return True
        worse = self.judgement is not None and self.judgement.is_better is False
        return worse or any(change.better is False for change in self.figures)
