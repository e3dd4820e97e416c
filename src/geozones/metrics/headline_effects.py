"""Headline of a comparison: changes of a few plain figures (`Place.HEADLINE`), worst first."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from geozones.common.french import inside
from geozones.metrics.metric_changes import SAME, UNTOLD, Change


class Effect(StrEnum):
    """Effect of a change on a figure; the value is the heading of a list of such figures."""

    WORSE = "Moins bien"
    BETTER = "Mieux"
    WITHIN_ERROR = "Dans la marge d'erreur"
    UNTOLD = "Non comparable"
    SAME = "Inchangé"


_ORDER = tuple(Effect)


def effect_on(change: Change) -> Effect:
    """Return the effect of a change on a figure, given the error of minutes."""
    if change.difference_text == SAME:
        return Effect.SAME
    if change.better is not None:
        return Effect.BETTER if change.better else Effect.WORSE
    if change.is_within_error:
        return Effect.WITHIN_ERROR
    return Effect.UNTOLD


def worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order of `Effect`; changes with the same effect keep their order."""
    return tuple(sorted(changes, key=lambda change: _ORDER.index(effect_on(change))))


def sentences(
    changes: Sequence[Change],
    worse: Sequence[str] = (),
    better: Sequence[str] = (),
    *,
    always: Collection[str] = (),
) -> dict[Effect, str]:
    """Return a sentence per effect: ``Moins bien : relève la plus lente 37 → 63 min``.

    ``worse`` and ``better`` introduce the figures that get worse or better. Unchanged figures
    have no sentence, unless all are unchanged, or they are among ``always`` (keys of metrics).
    """
    by_effect: dict[Effect, list[str]] = {effect: [] for effect in Effect}
    kept: list[str] = []
    for change in changes:
        effect = effect_on(change)
        by_effect[effect].append(written(change))
        if effect is Effect.SAME and change.metric.key in always:
            kept.append(written(change))
    by_effect[Effect.WORSE] += worse
    by_effect[Effect.BETTER] += better
    if any(parts for effect, parts in by_effect.items() if effect is not Effect.SAME):
        by_effect[Effect.SAME] = kept
    return {
        effect: f"{effect} : {', '.join(parts)}." for effect, parts in by_effect.items() if parts
    }


def written(change: Change) -> str:
    """Write a figure, both values and the difference: ``relève la plus lente 37 → 63 min (+26)``.

    Values that would look the same without decimals are written with them.
    """
    name = inside(change.metric.label)
    if change.before is None or change.after is None:
        before, after = (change.metric.write(value, 0) for value in (change.before, change.after))
        when = "avant" if change.before is None else "après"
        return f"{name} {after if change.before is None else before} (sans objet {when})"
    told = change.difference_text not in {SAME, UNTOLD}
    digits = 0
    if told and "→" not in change.arrow():
        digits = change.metric.format.compared_digits
    return f"{name} {change.arrow(digits)}" + (f" ({change.gap(digits)})" if told else "")
