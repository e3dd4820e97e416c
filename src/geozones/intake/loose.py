"""A row whose tabs were lost, or that was cut in two: what its cells may have been."""

import re
from collections.abc import Container, Sequence

from geozones.intake.listing import Fields

_LOOKS = "0-9OoIl|SsBZ"
_DEPARTEMENT = re.compile(rf"\W*([{_LOOKS}]{{2}})(?=[\t ]|[{_LOOKS}]{{7}}|[{_LOOKS}]{{0,6}}\s*\Z)")
_CODE = re.compile(rf"[\t ]*([{_LOOKS}]{{7}}[A-Za-z0-9|])(\*?)(?![a-z])")
_GLUED = re.compile(rf"[\t ]*([{_LOOKS}]{{7}}[A-Z0-9|])(\*?)")
_BROKEN = re.compile(r"[\t ]*((?=[^\t ]*\d[^\t ]*\d[^\t ]*\d)[^\t ]{5,12})")
#: a row cut inside its code, or before it: « 49⇥04921 », and the next line begins « 48U »
_CUT = re.compile(rf"[\t ]*[{_LOOKS}]{{0,7}}[\t ]*")
_ODD_START = re.compile(r"\W*\d?[\t ]+")
_DIGITS = str.maketrans("OoIl|SsBZ", "001115582")


def read_departement(text: str, known: Container[str]) -> str:
    """Return a département as it may have been printed; empty if it is none that is known."""
    code = text.strip().translate(_DIGITS)
    return code if code in known else ""


def loose(text: str, departements: Container[str]) -> Fields:
    """Read a row by what its parts look like: département, code, name, commune."""
    rest, departement = text, ""
    start = _DEPARTEMENT.match(rest)
    if start and read_departement(start[1], departements):
        departement, rest = read_departement(start[1], departements), rest[start.end() :]
    code = ""
    found = _CODE.match(rest) or _GLUED.match(rest) or _BROKEN.match(rest)
    if found:
        code = found[1] + (found[2] if found.re is not _BROKEN else "")
        rest = rest[found.end() :]
    cells = [cell.strip() for cell in rest.split("\t") if cell.strip()]
    name = cells[0] if cells else ""
    return Fields(code, name, " ".join(cells[1:]), departement)


def starts_row(text: str, departements: Container[str]) -> bool:
    """Tell whether a line has a code where a row has one, or ends inside it."""
    start = _DEPARTEMENT.match(text)
    if start and read_departement(start[1], departements) and _CUT.fullmatch(text, start.end()):
        return True
    fields = loose(text, departements)
    if not fields.code:
        fields = loose(_ODD_START.sub("", text, count=1), departements)
    digits = sum(sign.isdigit() for sign in fields.code)
    return digits >= 4 and len(fields.code) >= 7


def joined(parts: Sequence[str], departements: Container[str]) -> tuple[Fields, ...]:
    """Return what a row cut into parts may have been: cut inside a word, at a tab, at a space."""
    found = [loose(between.join(parts), departements) for between in ("", "\t", " ")]
    return tuple(dict.fromkeys(found))
