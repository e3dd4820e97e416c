"""Accessibility statement, required by French law of public services (loi 2005-102, art. 47)."""

from urllib.parse import urlsplit

import htpy

from geozones.common.contacts import Contacts
from geozones.common.french import number
from geozones.ui.notices.grid import AuditStatus, grid, share_met, verdict
from geozones.ui.widgets import html

DATE = "29 novembre 2026"
_RIGHTS = (
    "Si vous signalez un défaut qui vous empêche d'utiliser l'outil et que vous n'obtenez pas de "
    "réponse, vous pouvez écrire au Défenseur des droits (defenseurdesdroits.fr, ou par courrier "
    "gratuit, sans affranchir : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07)."
)


def statement(contacts: Contacts) -> htpy.Element:
    """Return the statement: result, criteria not met, contact, method."""
    not_met = [entry for entry in grid() if entry.standing is AuditStatus.NOT_MET]
    who = contacts.organisation or "Le service qui met cet outil à disposition"
    return html.stack(
        html.note(
            f"{who} s'engage à rendre cet outil accessible. Il est {verdict()} au RGAA 4.1 : "
            f"{number(share_met() * 100)} % des critères applicables sont respectés."
        ),
        html.subtitle("Ce qui n'est pas accessible"),
        html.bullets(
            [f"{entry.number} {entry.subject} : {entry.why}" for entry in not_met],
            "gz-plain",
        ),
        html.subtitle("Écrire pour signaler un défaut"),
        htpy.p[_to(contacts.accessibility)],
        htpy.p[_RIGHTS],
        html.subtitle("Comment cela a été établi"),
        htpy.p[
            f"Auto-évaluation de l'équipe qui développe l'outil, le {DATE}, avec axe-core et des "
            "parcours au clavier dans Chromium, à 1440, 390 et 320 pixels de large. Ce n'est pas "
            "l'audit d'un organisme indépendant, et aucun lecteur d'écran n'a été essayé par une "
            "personne qui s'en sert."
        ],
        _table(),
    )


def _to(address: str) -> htpy.Node:
    if not address:
        return "Adresse à donner par l'administrateur de l'outil."
    return "Écrivez à ", contact(address), "."


def contact(address: str) -> htpy.Element:
    """Return an address as a link if it is an e-mail or web address; else as text."""
    if urlsplit(address).scheme in {"http", "https"}:
        return htpy.a(href=address)[address]
    if "@" in address and not set(address) & set(" ?&%"):
        return htpy.a(href=f"mailto:{address}")[address]
    return htpy.span[address]


def _table() -> htpy.Element:
    rows = [(entry.number, entry.subject, entry.standing.value, entry.why) for entry in grid()]
    return html.table(
        "Les 106 critères du RGAA 4.1", ("Critère", "Objet", "État", "Pourquoi"), rows
    )
