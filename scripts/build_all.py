"""Build every file of data/ from the source folder: the same bytes each time."""

from __future__ import annotations

import build_cells
import build_close_ground
import build_directory
import build_drafts
import build_ground
import build_lycees
import build_territory
import build_travel_times
from _common import arguments


def main() -> None:
    """Run the builds in the order in which they need one another."""
    options = arguments(__doc__)
    build_territory.build()
    build_lycees.build(options.source, options.date)
    build_directory.build(options.source)
    build_travel_times.build(options.source, options.date)
    build_cells.build(options.date)
    build_drafts.build()
    build_ground.build(options.date)
    build_close_ground.build(options.date)


if __name__ == "__main__":
    main()
