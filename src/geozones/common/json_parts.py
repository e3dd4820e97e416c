"""JSON texts that would fill the memory once read, found before they are."""

#: Most lists and objects of a text: each takes some hundred bytes once read.
MAX_JSON_PARTS = 1_500_000


def has_too_many_parts(text: str | bytes) -> bool:
    """Tell whether a JSON text may hold more lists and objects than can be read."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > MAX_JSON_PARTS
    return text.count(b"[") + text.count(b"{") > MAX_JSON_PARTS
