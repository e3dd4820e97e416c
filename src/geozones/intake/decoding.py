"""Bytes to text, whatever the encoding, line by line where a file mixes several."""

import codecs

from geozones.intake.documents import ListError, Note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of control signs over which a file is no text.
_BINARY_SHARE = 0.01


def decode(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a file, and which lines were not in the encoding of the others.

    Raises
    ------
    InputError
        If it is no text: a picture, a program.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(content[len(mark) :].decode(encoding, errors="replace")), ()
    if b"\0" in content:
        raise ListError(_NO_TEXT)
    try:
        return _checked(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        return _line_by_line(content)


_NO_TEXT = (
    "ce n'est ni un texte, ni un tableau CSV, ni un classeur XLSX ou ODS, ni du GeoJSON. "
    "Exportez-la dans l'un de ces formats."
)


def _line_by_line(content: bytes) -> tuple[str, tuple[Note, ...]]:
    lines, other, unicode_lines = [], [], 0
    for rank, raw in enumerate(content.split(b"\n"), start=1):
        try:
            lines.append(raw.decode("utf-8"))
            unicode_lines += not raw.isascii()
        except UnicodeDecodeError:
            lines.append(raw.decode("cp1252", errors="replace"))
            other.append(rank)
    notes: tuple[Note, ...] = ()
    if unicode_lines:
        first = ", ".join(map(str, other[:5])) + (" …" if len(other) > 5 else "")
        what = f"Deux encodages dans le même fichier : lues en Latin-1, les lignes {first}."
        notes = (Note(other[0], what),)
    return _checked("\n".join(lines)), notes


def _checked(text: str) -> str:
    sample = text[:200_000]
    controls = sum(sign < " " and sign not in "\t\n\r\f\v" for sign in sample)
    if controls + sample.count("\ufffd") > _BINARY_SHARE * max(len(sample), 100):
        raise ListError(_NO_TEXT)
    return text
