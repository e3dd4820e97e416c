"""Typeface of files: Source Sans, also the app's, with a fallback for missing letters.

Both come with packages that are installed beside this one; this package contains neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

type Face = Literal["regular", "bold", "italic"]

NAME, LAST = "Source Sans Pro", "DejaVu Sans"
_FILES: Mapping[Face, str] = {
    "regular": "SourceSansPro-Regular.ttf",
    "bold": "SourceSansPro-Bold.ttf",
    "italic": "SourceSansPro-It.ttf",
}
_LAST_FILES: Mapping[Face, str] = {
    "regular": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "italic": "DejaVuSans-Oblique.ttf",
}
_MISSING = (
    f"La police {NAME} manque à cette installation (paquet font-source-sans-pro). Images, PDF et "
    f"diaporama sont écrits en {LAST}, un peu plus large."
)


@dataclass(frozen=True, slots=True)
class Typeface:
    """Families of a text, each letter in the first family that has it.

    Parameters
    ----------
    names
        Names of the families, as in their files.
    files
        Their files by face, in the order of ``names``.
    warning
        A notice if the app's typeface is missing; else empty.
    """

    names: tuple[str, ...]
    files: Mapping[Face, tuple[Path, ...]]
    warning: str = ""

    @property
    def name(self) -> str:
        """First family."""
        return self.names[0]


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """Return the typeface of this installation."""
    return typeface_in(_folder("font_source_sans_pro", "files"))


def typeface_in(folder: Path | None) -> Typeface:
    """Return Source Sans from a folder, or the fallback alone if a file is missing."""
    if folder is None or not all((folder / name).is_file() for name in _FILES.values()):
        return Typeface((LAST,), {face: (last_resort(face),) for face in _FILES}, _MISSING)
    both = {face: (folder / _FILES[face], last_resort(face)) for face in _FILES}
    return Typeface((NAME, LAST), both)


def last_resort(face: Face) -> Path:
    """Return the file of the fallback, which has letters that the app's typeface lacks."""
    last = _folder("matplotlib", "mpl-data/fonts/ttf")
    assert last is not None  # noqa: S101 - the package needs matplotlib
    return last / _LAST_FILES[face]


def _folder(package: str, inside: str) -> Path | None:
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / inside
