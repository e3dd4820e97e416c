"""Decoder of text files, line by line for a mix of encodings."""

import codecs

from geozones.intake.documents import ListError, Note

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of control characters above which a file is not text.
_BINARY_SHARE = 0.01
_NO_TEXT = (
    "ce n'est ni un texte, ni un tableau CSV, ni un classeur XLSX ou ODS, ni du GeoJSON. "
    "Exportez-la dans l'un de ces formats."
)


def decode(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a file, and a note if its lines are not all in the same encoding.

    It is read as UTF-8 or, with its byte order mark, UTF-16; a line that is not UTF-8 as
    Windows-1252.

    Raises
    ------
    ListError
        If the file is not text: a picture, a program.
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


def _line_by_line(content: bytes) -> tuple[str, tuple[Note, ...]]:
    lines, latin, unicode_lines = [], [], 0
    for rank, raw in enumerate(content.split(b"\n"), start=1):
        try:
            lines.append(raw.decode("utf-8"))
            unicode_lines += not raw.isascii()
        except UnicodeDecodeError:
            lines.append(raw.decode("cp1252", errors="replace"))
            latin.append(rank)
    notes: tuple[Note, ...] = ()
    if unicode_lines:
        first = ", ".join(map(str, latin[:5])) + (" …" if len(latin) > 5 else "")
        what = f"Deux encodages dans le même fichier : lues en Latin-1, les lignes {first}."
        notes = (Note(latin[0], what),)
    return _checked("\n".join(lines)), notes


def _checked(text: str) -> str:
    """Return a text; raise ``ListError`` if it holds too many control characters."""
    sample = text[:200_000]
    controls = sum(sign < " " and sign not in "\t\n\r\f\v" for sign in sample)
    if controls + sample.count("\ufffd") > _BINARY_SHARE * max(len(sample), 100):
        raise ListError(_NO_TEXT)
    return text
