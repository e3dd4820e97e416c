"""A table of needs, from CSV or a spreadsheet: a lycée and its half-days a week on each line."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.domain import Lycee
from geozones.domain.workload import checked_need
from geozones.intake.document_reader import read_document
from geozones.intake.documents import Document

_CODE_HEADS = ("uai", "rne", "code")
_NEED_HEADS = ("besoin", "demi-journee", "demi journee", "presence")


@dataclass(frozen=True)
class NeedsFile:
    """The needs that a file gives.

    Parameters
    ----------
    needs
        Half-days a week, by lycée id.
    rejected
        Numbers of the lines that could not be read, each with a French sentence that says why.
    """

    needs: dict[str, int]
    rejected: tuple[tuple[int, str], ...]


def read_needs_file(content: bytes, lycees: Mapping[str, Lycee]) -> NeedsFile:
    """Read the needs of a table whose titles name a column of codes and one of needs.

    A lycée may be named by its id or by the UAI of an establishment joined with it.

    Raises
    ------
    InputError
        If it cannot be read, or it has no column of codes or of needs.
    """
    document = read_document(content)
    start, code_at, need_at = _columns(document)
    id_by_code = {code: lycee.id for lycee in lycees.values() for code in lycee.associated_uais}
    id_by_code |= {key.upper(): key for key in lycees}
    needs: dict[str, int] = {}
    rejected: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for line in document.lines[start:]:
        if line.is_blank:
            continue
        code, typed = line.cell(code_at).upper(), line.cell(need_at)
        lycee = id_by_code.get(code)
        if lycee is None:
            rejected.append((line.number, f"aucun lycée n'a le code « {code[:20]} »."))
        elif lycee in seen:
            rejected.append((line.number, f"{code} est déjà à la ligne {seen[lycee]}."))
        else:
            seen[lycee] = line.number
            try:
                needs[lycee] = checked_need(_number(typed), f"de {code}")
            except InputError as error:
                rejected.append((line.number, str(error)))
    return NeedsFile(needs, tuple(rejected))


def _columns(document: Document) -> tuple[int, int, int]:
    """Return the rank of the first line below the titles, of the codes and of the needs."""
    for rank, line in enumerate(document.lines[:20]):
        heads = [_plain(cell) for cell in line.cells]
        code, need = _first(heads, _CODE_HEADS), _first(heads, _NEED_HEADS)
        if code is not None and need is not None:
            return rank + 1, code, need
    msg = (
        "Ce fichier n'a pas les deux colonnes attendues : une de codes (« UAI » ou « RNE ») et "
        "une de besoins (« besoin » ou « demi-journées »), nommées sur une même ligne."
    )
    raise InputError(msg)


def _first(heads: Sequence[str], words: Sequence[str]) -> int | None:
    return next((rank for rank, head in enumerate(heads) if any(w in head for w in words)), None)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign)).strip()


def _number(text: str) -> object:
    """Return what a cell means as a number; the text itself where it means none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
