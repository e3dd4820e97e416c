"""Make the picture of link previews of the app (``ui/server/page_head.py``).

Usage: python scripts/build_preview.py
"""

import io
from pathlib import Path

from PIL import Image

from geozones.export.registry import format_of
from geozones.render.standalone_map import app_folder
from geozones.workspace.figures.analysis import analysis_of
from geozones.workspace.folder.atlas import open_atlas
from geozones.workspace.folder.territory import territory_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

#: What previews show: 1.91 times as wide as high, the least height that none makes small.
WIDTH, HEIGHT = 1200, 630


def build(path: Path) -> None:
    """Draw the region of the starting plan, without the margins above and below."""
    picture = format_of("png").make(
        dossier(of_baseline(analysis_of(territory_of(open_atlas()))), ExportView()), "hd"
    )
    with Image.open(io.BytesIO(picture)) as drawn:
        kept = round(drawn.width * HEIGHT / WIDTH)
        top = (drawn.height - kept) // 2
        cut = drawn.convert("RGB").crop((0, top, drawn.width, top + kept))
    small = cut.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(200).save(path, "PNG", optimize=True)


if __name__ == "__main__":
    build(app_folder() / "static" / "preview.png")
