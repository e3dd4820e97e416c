"""Limit on the parts of a JSON text, checked before parsing to protect the memory."""

#: Most lists and objects in a text: each takes some hundred bytes once parsed.
MAX_JSON_PARTS = 1_500_000


def has_too_many_parts(text: str | bytes) -> bool:
    """Return whether a JSON text may hold more lists and objects than can be parsed."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > MAX_JSON_PARTS
    return text.count(b"[") + text.count(b"{") > MAX_JSON_PARTS
