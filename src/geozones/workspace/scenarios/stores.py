"""Opening the store of scenarios, whose libraries most commands never need."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geozones.store import Store

__all__ = ["Store", "open_store"]


def open_store(url: str | None = None) -> "Store":
    """Open the store, as ``geozones.store.open_store`` does."""
    from geozones import store  # noqa: PLC0415 - SQLAlchemy, only if asked

    return store.open_store(url)
