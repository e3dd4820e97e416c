"""Travel times for pages and commands: trips, matrices, communes by minutes, and their engines."""

from geozones.travel.engine_chain import REGISTRY as ENGINES

__all__ = ["ENGINES"]
