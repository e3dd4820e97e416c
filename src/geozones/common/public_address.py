"""The address under which people reach the app, for links that are passed on whole."""

import os
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from geozones.common.errors import InputError

VARIABLE = "GEOZONES_PUBLIC_URL"


def public_address(environment: Mapping[str, str] | None = None) -> str:
    """Return the address of ``GEOZONES_PUBLIC_URL`` without its last slash; "" where it is not set.

    Raises
    ------
    InputError
        If it is no address of a web site.
    """
    text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if text and not _is_address(text):
        msg = (
            f"{VARIABLE} : « {text[:80]} » n'est pas une adresse publique. Écrivez-la comme "
            "https://geozones.region.example, sans « ? » ni « # »."
        )
        raise InputError(msg)
    return text.rstrip("/")


def link_to(base: str, page: str = "", asks: Mapping[str, str] | None = None) -> str:
    """Return the whole address of a page of the app at ``base``, with what it asks for."""
    asked = f"?{urlencode(asks)}" if asks else ""
    return f"{base.rstrip('/')}/{page}{asked}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    # what would end an attribute or a header has no place in an address
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\^`{|}")
    asks = "?" in text or "#" in text or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(host) and plain and not asks
