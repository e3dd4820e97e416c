"""JSON of an effect, for the command line and for scripts."""

from collections.abc import Iterable
from typing import Any

from geozones.effect.losses import Loss, finite
from geozones.effect.model import Effect
from geozones.effect.words import gain_sentence, loss_sentence


def losses_json(losses: Iterable[Loss], *, gains: bool = False) -> list[dict[str, Any]]:
    """Return losses, or ``gains``, as JSON, the worst first; minutes without a road are null."""
    write = gain_sentence if gains else loss_sentence
    return [
        {
            "kind": loss.kind.value,
            "level": loss.level,
            "lycees": list(loss.lycees),
            "zone": loss.zone,
            "sector": loss.sector,
            "before": finite(loss.before),
            "after": finite(loss.after),
            "unit": loss.unit or None,
            "text": write(loss),
        }
        for loss in losses
    ]


def sides_json(effect: Effect) -> dict[str, Any]:
    """Return who loses and who gains by an effect, as JSON."""
    return {
        "losses": losses_json(effect.losses),
        "gains": losses_json(effect.gains, gains=True),
    }
