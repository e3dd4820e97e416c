"""French text: figures, lists, days, and names normalised for comparison."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from geozones.common.clock import local, local_day, today

NBSP = "\u00a0"
NARROW = "\u202f"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_WORDS = (
    "aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
_SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


def long_date(iso: str) -> str:
    """Write an ISO date in French: ``15 janvier 2026``; of a time, its day in the territory."""
    year, month, day = (int(part) for part in local_day(iso).split("-"))
    return f"{'1er' if day == 1 else day} {_MONTHS[month - 1]} {year}"


def short_month(iso: str) -> str:
    """Write the month of an ISO date, short: ``janv. 2026``."""
    year, month, _ = iso.split("-")
    return f"{_SHORT_MONTHS[int(month) - 1]}\N{NO-BREAK SPACE}{year}"


def moment(iso: str) -> str:
    """Write an ISO time in French, local to the territory: ``15 janvier 2026, 9 h 05``."""
    at = local(iso)
    return f"{long_date(iso)}, {at.hour} h {at:%M}"


def recent_moment(iso: str) -> str:
    """Write an ISO time as `moment`, with « hier » and « aujourd'hui »."""
    days = (today() - date.fromisoformat(local_day(iso))).days
    day = {0: "aujourd'hui", 1: "hier"}.get(days)
    if day is None:
        return moment(iso)
    at = local(iso)
    return f"{day}, {at.hour} h {at:%M}"


def number(value: float, digits: int = 0) -> str:
    """Write a number with a decimal comma and thousands apart: ``1 667,3``."""
    text = f"{abs(value):,.{digits}f}".replace(",", NARROW).replace(".", ",")
    negative = value < 0 and any(digit in "123456789" for digit in text)
    return f"\u2212{text}" if negative else text


def signed(value: float, digits: int = 1) -> str:
    """Write a difference with its sign: ``+3,4``, ``−0,5``, ``0`` when it rounds to nothing.

    ``+∞`` and ``−∞`` when a route is lost or found; ``—`` if both plans lack the route.
    """
    if math.isnan(value):
        return "—"
    if math.isinf(value):
        return "+∞" if value > 0 else "\u2212∞"
    text = number(value, digits)
    if not any(digit in "123456789" for digit in text):
        return "0"
    return text if text.startswith("\u2212") else f"+{text}"


def minutes(value: object, digits: int = 0) -> str:
    """Write a duration in minutes: ``63 min``.

    ``—`` for anything but a number (a metric without a value), ``sans accès`` for infinite.
    """
    if not isinstance(value, (int, float)):
        return "—"
    if not math.isfinite(value):
        return "sans accès"
    return f"{number(value, digits)}{NBSP}min"


def longer_than(limit: float) -> str:
    """Write a duration of which only a lower bound is known: ``plus de 90 min``."""
    return f"plus de {minutes(limit)}"


def round_minutes(value: float) -> float:
    """Return minutes as `minutes` writes them: whole, or infinite."""
    return float(f"{value:.0f}")


def between(low: float, high: float) -> str:
    """Write an interval in a sentence, whole figures outwards: ``entre 11 et 18``."""
    return "entre {} et {}".format(*_outwards(low, high))


def drive_text(value: float | None, *, estimated: bool = False) -> str:
    """Write the minutes of a drive and their nature: ``14 min (estimé)``."""
    if value is None or not math.isfinite(value):
        return "sans accès"
    return f"{minutes(value)} (estimé)" if estimated else minutes(value)


def ranged_minutes(value: float | None, low: float, high: float, *, estimated: bool = False) -> str:
    """Write minutes, their interval and their nature: ``14 min (11–18, estimé)``."""
    if value is None or not math.isfinite(value):
        return "sans accès"
    known = [] if value == 0 else ["–".join(_outwards(low, high))]
    known += ["estimé"] if estimated else []
    return minutes(value) + (f" ({', '.join(known)})" if known else "")


def _outwards(low: float, high: float) -> tuple[str, str]:
    """Return the whole figures around an interval; up to a hundredth over a figure is ignored."""
    return number(math.floor(round(low, 2))), number(math.ceil(round(high, 2)))


def plural(count: int, noun: str, plural_noun: str | None = None) -> str:
    """Write a count and its noun: ``1 lycée``, ``5 lycées``; French counts 0 as singular."""
    word = noun if count < 2 else plural_noun or f"{noun}s"
    return f"{number(count)}{NBSP}{word}"


def to_be_confirmed(sentence: str) -> str:
    """Mark a sentence whose figure may be on the other side of its threshold: « à confirmer »."""
    return f"{sentence.removesuffix('.')}, à confirmer."


def in_words(count: int, *, feminine: bool = False) -> str:
    """Write a count in words up to sixteen: ``quatre``, ``aucune``."""
    if count >= len(_WORDS):
        return number(count)
    return _WORDS[count] + ("e" if feminine and count < 2 else "")


def capital(text: str) -> str:
    """Return a text with a capital at its start: ``le lycée`` → ``Le lycée``."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """Return a label in the form used inside a sentence: ``Trajet hors T.I.S.`` → ``trajet …``.

    An abbreviation keeps its capital: ``T.I.P. réunis``, ``RNS``.
    """
    if label[1:2] == "." or label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def listing(items: Sequence[str], last: str = "et") -> str:
    """Join words: ``A, B et C``; ``last`` is the word before the last one."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def shortlist(items: Sequence[str], most: int = 3) -> str:
    """Join the first words and count the others: ``A, B, C et 2 autres``."""
    left = len(items) - most
    if left <= 0:
        return listing(items)
    return listing([*items[:most], plural(left, "autre", "autres")])


def of(name: str) -> str:
    """Put « de » before a name, elided before a vowel: ``d'Angers``, ``de Laval``."""
    first = unicodedata.normalize("NFD", name)[:1].casefold()
    return f"d'{name}" if first in set("aeiouyœæ") else f"de {name}"


_BEFORE_SIGN = re.compile(rf"[ {NBSP}{NARROW}]+(?=[:;!?»%])")
_AFTER_QUOTE = re.compile(rf"«[ {NBSP}{NARROW}]*")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[\w«])")


def typeset(text: str) -> str:
    """Set a sentence as French printers do: « a », b : c ; d ! 12 %, l’a.

    Signs have no-break spaces, apostrophes are curly. A sign without a space before it is
    unchanged: an address, an hour. Every writer of files sets its texts by it; `number` writes
    its numbers, thousands thinly apart.
    """
    text = _BEFORE_SIGN.sub(NBSP, text)
    text = _AFTER_QUOTE.sub(f"«{NBSP}", text)
    for sign in ";!?":
        text = text.replace(f"{NBSP}{sign}", f"{NARROW}{sign}")
    return _APOSTROPHE.sub("’", text)


_CEDEX = re.compile(r"\bcedex\b( \d+)?")
#: Characters that an optical reader confuses; each class is replaced by one of them.
_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b"})


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return words without case, accents, hyphens nor CEDEX; « St » and « Ste » in full."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", " ", plain)
    words = re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", words))
    return _CEDEX.sub("", words).strip()


@lru_cache(maxsize=20_000)
def lookalike(text: str) -> str:
    """Return a text as one word in which characters that readers confuse are the same."""
    # readers take « | » for an I or an l; folding would drop it
    return folded(text.replace("|", "l")).translate(_LOOKALIKES).replace(" ", "")


#: Apostrophes and hyphens that word processors put for those of a keyboard.
_TYPED = str.maketrans("‘’ʼ‐‑", "'''--")
#: Categories of characters that nobody sees: controls, formats (a zero-width space), no character.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs"})


def compared_name(name: str) -> str:
    """Return what all spellings of a person's name share: two that are equal name one person.

    Case, blanks, curly apostrophes, the encoding of accents and unseen characters do not count.
    """
    plain = unicodedata.normalize("NFD", name).casefold().translate(_TYPED)
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or unicodedata.category(sign) not in _UNSEEN
    )
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def is_day(value: object) -> bool:
    """Return whether a value is a day ``2026-09-01``: other forms of ISO dates do not sort."""
    try:
        return date.fromisoformat(value).isoformat() == value  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
