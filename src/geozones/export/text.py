"""Text for documents: French typography, safe for spreadsheets."""

import re
import unicodedata

from geozones.common.french import NARROW, NBSP

#: First characters of a text that a spreadsheet would read as a formula.
_RISKY = tuple("=+-@\t\r\n|")
_BEFORE = re.compile(r"[ \u00a0\u202f]+(?=[:;!?»%])")
#: Characters that reverse the direction of the text around them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_AFTER = re.compile(r"«[ \u00a0\u202f]*")


def printable(text: str) -> str:
    """Return a text on one line, without characters that break documents: controls, surrogates."""
    kept = "".join(" " if sign.isspace() else sign for sign in text)
    kept = "".join(
        sign
        for sign in kept
        if unicodedata.category(sign) not in {"Cc", "Cs", "Cn"} and sign not in _TURNING
    )
    return re.sub(r" +", " ", kept).strip()


def typeset(text: str) -> str:
    """Put no-break spaces according to French typography: « a », b : c ; d ! 12 %.

    A sign without a space before it is unchanged: an address, an hour.
    """
    text = _BEFORE.sub(lambda _: NBSP, text)
    text = _AFTER.sub(f"«{NBSP}", text)
    for sign in ";!?":
        text = text.replace(f"{NBSP}{sign}", f"{NARROW}{sign}")
    return text


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet could read a text as a formula."""
    return text.lstrip().startswith(_RISKY) or text.startswith(_RISKY)


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula (OWASP, « CSV injection »)."""
    return f"'{text}" if is_risky(text) else text


def slug(text: str, limit: int = 60) -> str:
    """Return a text for a file name: ``secteur-maine-et-loire``."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    words = re.sub(r"[^a-z0-9]+", "-", "".join(s for s in plain if not unicodedata.combining(s)))
    return words.strip("-")[:limit].strip("-") or "sans-nom"
