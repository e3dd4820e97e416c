"""Streamlit's fonts, cut down to what the app draws: 375 kB of icons become 20, 170 of text 52.

A letter that was left out is drawn in another font of the browser; an icon that was left out would
be drawn as its name. The files are cut once on a machine, in a thread at the start of the server:
until then Streamlit's own are served.
"""

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import streamlit

from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.render.app_files import app_folder
from geozones.render.cut_fonts import cut_icons, cut_letters, icon_names
from geozones.ui.server.serve import vendor_folder

_LOG = logging.getLogger(__name__)
_STREAMLIT, _APP = Path(streamlit.__file__).parent, Path(__file__).parents[1]
#: Folder of the fonts that Streamlit serves, and the file of the text font in it.
MEDIA, LETTERS = _STREAMLIT / "static" / "static" / "media", "SourceSansVF-Upright.*.woff2"
_SOURCES = ("*.py", "*.js")
_ICON = re.compile(r":material/(\w+)")
#: A word that our own code may write after ``:material/``.
_WORD = re.compile(r"[\"'](\w+)[\"']")


class CutFonts:
    """Cut fonts, by the file name of Streamlit's own."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def start(self) -> Thread:
        """Cut the fonts in a thread; return that thread."""
        thread = Thread(target=self._cut, name="cut fonts", daemon=True)
        thread.start()
        return thread

    def instead_of(self, path: str) -> Path | None:
        """Return the file to serve for the path of a request; ``None`` for the one asked for."""
        return self._files.get(path.rpartition("/")[2])

    def _cut(self) -> None:
        try:
            for font in MEDIA.glob("MaterialSymbols-Rounded.*.woff2"):
                self._keep(font, "icons", _icons_of, cut_icons)
            for font in MEDIA.glob(LETTERS):
                self._keep(font, "letters", lambda _: (), lambda read, _: cut_letters(read))
        except (OSError, InputError) as error:
            _LOG.warning("fonts are served whole: %s", error)

    def _keep(
        self,
        font: Path,
        what: str,
        needs: Callable[[bytes], tuple[str, ...]],
        cut: Callable[[bytes, tuple[str, ...]], bytes],
    ) -> None:
        """Cut a font down to what it ``needs``, unless that was done at an earlier start."""
        read = font.read_bytes()
        names = needs(read)
        key = hashlib.sha256(read + " ".join(names).encode()).hexdigest()[:16]
        file = _cache() / f"{what}-{key}.woff2"
        if not file.is_file():
            write_atomically(file, cut(read, names))
        self._files[font.name] = file


def _cache() -> Path:
    """Return the folder of the account's caches, or that of served files where there is none.

    Cutting takes two seconds: servers with homes of their own share what one of them has cut.
    """
    held = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (Path(held) if held else Path.home() / ".cache") / "geozones"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written
        return vendor_folder()
    return folder if os.access(folder, os.W_OK) else vendor_folder()


def _icons_of(font: bytes) -> tuple[str, ...]:
    """Return the icons that Streamlit or the app may draw, in the order of their names."""
    page, own = app_folder() / "app.py", tuple(_texts(_APP))
    texts = (*_texts(_STREAMLIT), *own, page.read_text(encoding="utf-8"))
    asked = {name for text in texts for name in _ICON.findall(text)}
    asked |= {name for text in own for name in _WORD.findall(text)}
    return tuple(sorted(icon_names(font) & asked))


def _texts(folder: Path) -> Iterator[str]:
    for kind in _SOURCES:
        for path in folder.rglob(kind):
            yield path.read_text(encoding="utf-8", errors="replace")
