"""Effect of a change of plan: who loses and who gains, in which words, as JSON.

May import `common`, `domain`, `metrics`, `rules`, `territory`.
"""

from geozones.effect.losses import Loss, LossKind, ZoneFacts, find_losses
from geozones.effect.model import Effect

__all__ = ["Effect", "Loss", "LossKind", "ZoneFacts", "find_losses"]
