"""Shareable links: the whole address, a copy button and a QR code."""

from collections.abc import Mapping

import htpy

from geozones.common.public_address import link_to
from geozones.export.qr_code import qr_svg
from geozones.ui.state import address
from geozones.ui.widgets import html


def whole_link(page: str = "", asks: Mapping[str, str] | None = None) -> str:
    """Return the whole address of a page, under the public address or the browser's own."""
    return link_to(address.app_address(), page, asks)


def link_box(link: str, label: str) -> htpy.Element:
    """Return a link to open in another tab, to copy, and as a QR code."""
    named = f"Code QR : {label}"
    code = html.picture(qr_svg(link, named), named)
    return htpy.div(".gz-link")[
        htpy.a(href=link, target="_blank", rel="noopener")[link],
        copy_button(link, "Copier le lien"),
        htpy.details[htpy.summary["Code QR"], htpy.div(".gz-qr")[code]],
    ]


def embed_code(link: str, title: str) -> htpy.Element:
    """Return the HTML code that embeds the map of a link in another site."""
    shown = f"{link}{'&' if '?' in link else '?'}embed=true"
    frame = htpy.iframe(
        src=shown, title=title, width="100%", height="640", style="border:0", loading="lazy"
    )
    return htpy.details(".gz-embed")[
        htpy.summary["Intégrer la carte dans un site"],
        htpy.pre[str(frame)],
        copy_button(str(frame), "Copier le code"),
    ]


def copy_button(text: str, label: str) -> htpy.Element:
    """Return a button that copies a text, and confirms it."""
    return htpy.button(".gz-copy", type="button", data_copy=text)[label]


def copy_view_button() -> htpy.Element:
    """Return a button that copies the address of the page at the time of the click."""
    return htpy.button(".gz-copy", type="button", data_copy_view=address.app_address())[
        "Copier le lien de cette vue"
    ]


def open_link(link: str, label: str) -> htpy.Element:
    """Return a link that opens in another tab, because it leads out of the page."""
    return htpy.a(".gz-open", href=link, target="_blank", rel="noopener")[label]
