"""Who is how far from whom: trips, matrices, communes by minutes; and the engines that may say."""

from geozones.travel.registry import REGISTRY as ENGINES

__all__ = ["ENGINES"]
