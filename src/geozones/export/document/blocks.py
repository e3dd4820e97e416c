"""Blocks of a document, as JSON objects that document.typ draws, and their PDF."""

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst

from geozones.domain import ExportError
from geozones.domain.terms import worded
from geozones.export.dossier import Dossier
from geozones.export.file_parts import longest_noun, qr_png, slug, typeset
from geozones.export.pictures import svg_part
from geozones.render import Scene
from geozones.render.figure import draw, draw_before_after
from geozones.render.figure.fonts import drawable
from geozones.render.sheet import LEAST_PIXELS, UNITS, Sheet
from geozones.render.typeface import typeface

type Block = dict[str, Any]

_TEMPLATE = Path(__file__).with_name("document.typ")
#: Size of a map on a page, in inches, its pixels per inch, and points of its smallest name.
#: Least share of the width for a sign of a head.
_SIGN = 0.165
_WIDTH, _DPI, _NAME_PT, _NAME_UNITS = 7.0, 170, 7.0, 12.0


def print_ready(text: str) -> str:
    """Return a text that the document's font can print: PDF/UA requires a glyph for each letter."""
    return drawable(typeset(text))


def heading(text: str, level: int = 1, *, key: str = "", new_page: bool = False) -> Block:
    """Return a heading; ``key``, unique in the document, identifies it in an index."""
    label = key or f"{level}-{slug(text)}"
    return {
        "kind": "heading",
        "text": print_ready(text),
        "level": level,
        "label": label,
        "break": new_page,
    }


def paragraph(text: str, size: float = 0.0, *, strong: bool = False) -> Block:
    """Return a paragraph, of a size in points other than the document's if given."""
    return {"kind": "text", "text": print_ready(text), "size": size, "strong": strong}


def bullets(items: Sequence[str], colour: str = "#1f2a33") -> list[Block]:
    """Return a list; nothing without items."""
    listed = [{"text": print_ready(item), "colour": colour} for item in items]
    return [{"kind": "list", "items": listed}] if listed else []


def table(
    columns: Sequence[tuple[str, float, bool]], rows: Sequence[Sequence[str | Block]]
) -> list[Block]:
    """Return a table: each column has a head, a share of the width, whether it holds figures.

    Heads are texts for `worded`. A cell ``#rrggbb`` is drawn as a square of this colour; another
    may be a `Document.drawing`. Nothing without rows.
    """
    if not rows:
        return []
    return [
        {
            "kind": "table",
            "heads": [print_ready(worded(head)) for head, _, _ in columns],
            "widths": [max(share, _SIGN * len(longest_noun(head))) for head, share, _ in columns],
            "numeric": [numeric for _, _, numeric in columns],
            "rows": [
                [cell if isinstance(cell, dict) else print_ready(cell) for cell in row]
                for row in rows
            ],
        }
    ]


def legend(entries: Sequence[tuple[str, str]]) -> Block:
    """Return the legend of a map: each entry a colour and its meaning."""
    listed = [{"colour": colour, "text": print_ready(text)} for colour, text in entries]
    return {"kind": "legend", "entries": listed}


class Document:
    """Document under construction: its blocks, the pictures in them, a warning on each page.

    ``size`` is that of its text, in points, ``paper`` that of its pages: maps fill their width.
    """

    def __init__(
        self,
        dossier: Dossier,
        title: str,
        warning: str = "",
        size: float = 9.5,
        paper: str = "a4",
    ) -> None:
        self.dossier = dossier
        self.title = title
        self.warning = warning
        self.size = size
        self.paper = paper
        self.blocks: list[Block] = []
        self._pictures: dict[str, bytes] = {}

    def add(self, *blocks: Block | Sequence[Block]) -> None:
        """Add blocks, or lists of blocks."""
        for block in blocks:
            self.blocks += [block] if isinstance(block, dict) else block

    def map(self, scene: Scene, described: str, high: float) -> None:
        """Add a map of a height in inches, as vectors, the meaning of its signs below it."""
        sheet = _sheet(high)
        self._picture(svg_part(draw(scene, self.dossier.ground, sheet), sheet), described)

    def pair(
        self, scenes: tuple[Scene, Scene], captions: tuple[str, str], described: str, high: float
    ) -> None:
        """Add two maps of the same extent, each under its caption."""
        sheet = _sheet(high, room=True)
        figure = draw_before_after(*scenes, self.dossier.ground, sheet, captions)
        self._picture(svg_part(figure, sheet), described)

    def drawing(self, svg: str, described: str) -> Block:
        """Return a cell of a table with a drawing."""
        name = f"drawing-{len(self._pictures)}.svg"
        self._pictures[name] = svg.encode()
        return {"path": name, "alt": print_ready(described)}

    def code(self) -> None:
        """Add the QR code of the view, with its address; nothing without an address."""
        address = self.dossier.address
        if address:
            name = "code.png"
            self._pictures[name] = qr_png(address)
            words = {"alt": print_ready(f"Code QR qui mène à {address}"), "address": address}
            self.blocks.append({"kind": "code", "path": name, **words})

    def _picture(self, content: bytes, described: str) -> None:
        name = f"map-{len(self._pictures)}.svg"
        self._pictures[name] = content
        self.blocks.append({"kind": "picture", "path": name, "alt": print_ready(described)})

    def pdf(self) -> bytes:
        """Return the document as PDF/UA-1: the same blocks give the same bytes."""
        version = self.dossier.version
        data = {
            "title": print_ready(self.title),
            "size": self.size,
            "paper": self.paper,
            "warning": print_ready(self.warning),
            "author": "geozones",
            "version": print_ready(version.full_name),
            "footer": print_ready(version.dated_name),
            "decided": version.decided,
            "date": version.file_date,
            "fonts": typeface().names,
            "blocks": self.blocks,
        }
        try:
            with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
                for name, content in self._pictures.items():
                    (Path(folder) / name).write_bytes(content)
                # only these: their folders hold other files of the same names
                for path in (path for paths in typeface().files.values() for path in paths):
                    (Path(folder) / path.name).write_bytes(path.read_bytes())
                source = Path(folder) / _TEMPLATE.name
                source.write_bytes(_TEMPLATE.read_bytes())
                made = typst.compile(
                    source,
                    format="pdf",
                    font_paths=[Path(folder)],
                    ignore_system_fonts=True,
                    sys_inputs={"data": json.dumps(data)},
                    pdf_standards=["ua-1"],
                )
        except (OSError, RuntimeError) as error:  # Typst's errors are RuntimeErrors
            raise ExportError(f"Le document PDF n'a pas pu être préparé : {error}.") from error
        assert isinstance(made, bytes)  # noqa: S101 - one file is asked for
        return made


def _sheet(high: float, *, room: bool = False) -> Sheet:
    zoom = _NAME_PT / _NAME_UNITS / (min(_WIDTH, high) * 72 / UNITS)
    dpi = max(_DPI, math.ceil(LEAST_PIXELS / high))
    pixels = (round(_WIDTH * dpi), round(high * dpi))
    return Sheet(*pixels, dpi, bare=True, keys=True, zoom=zoom, room=room)
