"""Public address of the app, for links that people share."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from geozones.common.errors import InputError

#: Query parameters of an address of the app: a scenario, a frozen version, a plan, a part of the
#: map.
SCENARIO, FROZEN, PLAN, SECTOR, ZONE = "scenario", "version", "plan", "secteur", "zone"
#: Query parameter of the personal link of a lycée that gives its opinion.
OPINION = "avis"
VARIABLE, EMBED_VARIABLE = "GEOZONES_PUBLIC_URL", "GEOZONES_EMBED_SITES"


def public_address(environment: Mapping[str, str] | None = None) -> str:
    """Return the address of ``GEOZONES_PUBLIC_URL`` without its last slash; "" if not set.

    Raises
    ------
    InputError
        If it is not the address of a web site.
    """
    text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if text and not _is_address(text):
        msg = (
            f"{VARIABLE} : « {text[:80]} » n'est pas une adresse publique. Écrivez-la comme "
            "https://geozones.region.example, sans « ? » ni « # »."
        )
        raise InputError(msg)
    return text.rstrip("/")


def embed_sites(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the sites that may embed the map (``GEOZONES_EMBED_SITES``).

    Raises
    ------
    InputError
        If a value is not the address of a site, without a path.
    """
    named = (os.environ if environment is None else environment).get(EMBED_VARIABLE, "")
    sites = tuple(dict.fromkeys(name.strip().rstrip("/") for name in named.split(",")))
    sites = tuple(site for site in sites if site)
    for site in sites:
        if not _is_address(site) or urlsplit(site).path or set(site) & set(";,*"):
            msg = (
                f"{EMBED_VARIABLE} : « {site[:80]} » n'est pas l'adresse d'un site. Écrivez par "
                "exemple https://www.region.example, plusieurs séparées par des virgules."
            )
            raise InputError(msg)
    return sites


def link_to(base: str, page: str = "", asks: Mapping[str, str] | None = None) -> str:
    """Return the whole address of a page of the app at ``base``, with query parameters."""
    asked = f"?{urlencode(asks)}" if asks else ""
    return f"{base.rstrip('/')}/{page}{asked}"


def is_for_others(address: str) -> bool:
    """Return whether an address can be reached from another machine."""
    host = urlsplit(address).hostname or ""
    if not host or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not (ip_address(host).is_loopback or ip_address(host).is_unspecified)
    except ValueError:  # a host name
        return True


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    # characters that would end an attribute or a header are not allowed in an address
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\^`{|}")
    asks = "?" in text or "#" in text or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and bool(host) and plain and not asks
