"""Reports as tagged documents, PDF/UA-1, on A4 or A3; PDF/UA requires a glyph for each letter."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject

from geozones.domain.terms import worded
from geozones.export.blocks import (
    Bars,
    Block,
    KeyFacts,
    Line,
    Page,
    Picture,
    Quoted,
    ReportPages,
    Row,
    Table,
    Text,
)
from geozones.export.dossier import Dossier
from geozones.export.file_parts import longest_noun, slug
from geozones.export.pictures import printed_maps
from geozones.export.reports import report_of, sheets_report
from geozones.export.typesetting import typeset_file
from geozones.render.figure.canvas import drawable
from geozones.render.typeface import MONO_NAME, typeface

#: A block of the template: values by name.
type _Part = dict[str, Any]

#: Heights of a map and of two maps, in inches, and size of small text, in points.
_MAP, _PAIR, _SMALL = 4.8, 4.0, 8.0
#: Least shares of the width: for a letter of the longest noun of a head, for a number in its look.
_LETTER, _NUMBERED = 0.02, 0.065


def report(dossier: Dossier, paper: str = "a4") -> bytes:
    """Return the report of a view, on A4 or A3."""
    return pdf(dossier, report_of(dossier), paper)


def site_sheets(dossier: Dossier, which: str) -> bytes:
    """Return the sheets of the lycées in view, a page each: those that change, or all."""
    return pdf(dossier, sheets_report(dossier, whole=which == "toutes"))


def pdf(dossier: Dossier, shown: ReportPages, paper: str = "a4") -> bytes:
    """Return a report as a document; the same report gives the same bytes."""
    pictures: dict[str, bytes] = {}
    parts = [
        part
        for rank, page in enumerate(shown.pages)
        for part in _page(page, dossier, pictures, first=rank == 0)
    ]
    version = dossier.version
    data = {
        "title": drawable(shown.title),
        "size": shown.text_size,
        "paper": paper,
        "warning": drawable(shown.warning),
        "author": "geozones",
        "version": drawable(version.full_name),
        "footer": drawable(version.dated_name),
        "decided": version.decided,
        "date": version.file_date,
        "fonts": (*typeface().names, MONO_NAME),
        "blocks": parts,
    }
    made = typeset_file("document.typ", "pdf", data, pictures, pdf_standards=["ua-1"])
    tables = [part for part in parts if part["kind"] in {"table", "bars"}]
    return _with_row_headers(made, tables)


def _with_row_headers(content: bytes, tables: Sequence[_Part]) -> bytes:
    """Return a document where the cells that name rows are their headers, for screen readers.

    Typst 0.15 tags headers of columns alone (`pdf.header-cell` is not in its Python package).
    """
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.pdf_header = "%PDF-1.7"
    tagged = list(_elements(writer.root_object["/StructTreeRoot"], "/Table"))
    for element, shown in zip(tagged, tables, strict=True):
        at = shown["names"].index(True) if True in shown["names"] else None
        if at is not None:
            # tag the cells at a rank of the rows under the head, if they are not empty, as headers
            rows = shown["rows"]
            (body,) = _elements(element, "/TBody")
            for row, cells in zip(_elements(body, "/TR"), rows, strict=True):
                cell = list(_children(row))[at]
                if cells[at]["text"]:
                    cell[NameObject("/S")] = NameObject("/TH")
                    scope = {
                        NameObject("/O"): NameObject("/Table"),
                        NameObject("/Scope"): NameObject("/Row"),
                    }
                    cell[NameObject("/A")] = ArrayObject([DictionaryObject(scope)])
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _elements(element: PdfObject, kind: str) -> Iterator[DictionaryObject]:
    """Yield the elements of a kind in a tree of tags, in the order of reading."""
    for child in _children(element):
        if child.get("/S") == kind:
            yield child
        else:
            yield from _elements(child, kind)


def _children(element: PdfObject) -> Iterator[DictionaryObject]:
    """Yield the elements directly in an element, without marks of content."""
    held = element.get_object()
    kids = held.get("/K", ()) if isinstance(held, DictionaryObject) else ()
    for kid in kids if isinstance(kids, (ArrayObject, tuple)) else (kids,):
        child = kid.get_object()
        if isinstance(child, DictionaryObject) and "/S" in child:
            yield child


def _page(
    page: Page, dossier: Dossier, pictures: dict[str, bytes], *, first: bool
) -> Iterator[_Part]:
    """Yield the heading of a page and its blocks; the pictures are added to ``pictures``."""
    yield {
        "kind": "heading",
        "text": drawable(page.title),
        "level": 2 if page.flows else 1,
        "label": page.key or slug(page.title),
        "break": not page.flows and not first,
    }
    for block in page.blocks:
        yield from _block(block, dossier, pictures)


def _block(block: Block, dossier: Dossier, pictures: dict[str, bytes]) -> Iterator[_Part]:
    match block:
        case Text():
            if block.title:
                yield {"kind": "label", "text": drawable(block.title)}
            size = _SMALL if block.small else 0.0
            items = [_line(line) for line in block.lines]
            if len(items) > 1 or block.title:
                yield {"kind": "list", "items": items, "size": size}
            else:
                yield from ({"kind": "text", "size": size, **item} for item in items)
        case KeyFacts():
            facts = [
                {"label": drawable(f.label), "value": drawable(f.value), "ink": f"#{f.ink}"}
                for f in block.facts
            ]
            yield {"kind": "facts", "facts": facts}
        case Table():
            yield from _table(block)
        case Picture():
            yield _picture(block, dossier, pictures)
            for beside in block.beside:
                yield from _block(beside, dossier, pictures)
        case Bars():
            yield {"kind": "text", "text": drawable(block.key), "size": _SMALL}
            yield _bars(block)
        case Quoted():
            yield {"kind": "quote", **_printed(asdict(block))}


def _printed(values: _Part) -> _Part:
    """Return values whose texts the document can print."""
    return {
        key: drawable(value)
        if isinstance(value, str)
        else [*map(drawable, value)]
        if isinstance(value, tuple)
        else value
        for key, value in values.items()
    }


def _line(line: Line) -> _Part:
    head, text = drawable(line.head), drawable(line.text)
    return {"head": head, "text": text, "ink": f"#{line.ink}"}


def _bars(block: Bars) -> _Part:
    """Return the table of observed figures, with their drawings in its third column."""
    (table,) = _table(block.table)
    for key, value in (("heads", ""), ("widths", 0.28), ("numeric", False), ("names", False)):
        table[key].insert(2, value)
    bars = [_printed(asdict(bar)) for bar in block.bars]
    return {**table, "kind": "bars", "bars": bars}


def _table(block: Table) -> Iterator[_Part]:
    if not block.rows:
        return
    if block.title:
        yield {"kind": "label", "text": drawable(block.title)}
    whole = sum(column.share for column in block.columns)
    shares = [
        max(column.share / whole, _LETTER * len(longest_noun(column.head)))
        for column in block.columns
    ]
    if any(row.swatch is not None and row.texts[0] for row in block.rows):
        shares[0] = max(shares[0], _NUMBERED)
    yield {
        "kind": "table",
        "heads": [drawable(worded(column.head)) for column in block.columns],
        "widths": shares,
        "numeric": [column.numeric for column in block.columns],
        "names": [column.names for column in block.columns],
        "rows": [_cells(row) for row in block.rows],
    }


def _cells(row: Row) -> Sequence[_Part]:
    inks = dict(row.inks)
    cells: list[_Part] = [
        {
            "text": drawable(text),
            "ink": f"#{inks[rank]}" if rank in inks else "",
            "total": row.total,
        }
        for rank, text in enumerate(row.texts)
    ]
    if row.swatch is not None:
        cells[0] |= {"swatch": row.swatch.colour, "hatched": row.swatch.hatched}
    return cells


def _picture(block: Picture, dossier: Dossier, pictures: dict[str, bytes]) -> _Part:
    alt = drawable(block.described)
    if block.png:
        pictures["code.png"] = block.png
        return {"kind": "code", "path": "code.png", "alt": alt, "address": block.link}
    high = _MAP if len(block.scenes) == 1 else _PAIR
    maps = printed_maps(block.scenes, dossier.ground, high, block.captions, alt)
    key = [[str(number), drawable(zone)] for number, zone in block.key]
    return {"kind": "picture", "maps": maps, "key": key}
