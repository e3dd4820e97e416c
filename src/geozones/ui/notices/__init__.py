"""Legal notices of a public service: accessibility statement and personal data.

RGAA 4.1 criteria, accessibility (loi 2005-102, art. 47), personal data (RGPD).
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.common.settings_file import Contacts, contacts
from geozones.domain.terms import worded
from geozones.ui import opened_data, state
from geozones.ui.server.auth import actor
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.workspace.experiment.field_journal import KEPT_MONTHS
from geozones.workspace.roles import Role
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study
from geozones.workspace.upkeep import erase_person

#: Part of the page Données with these notices, as named in its address.
NOTICES = "mentions"


_GRID = Path(__file__).with_name("grid.csv")


class AuditStatus(StrEnum):
    """Audit result of a criterion."""

    MET = "conforme"
    NOT_MET = "non conforme"
    NOT_APPLICABLE = "non applicable"


@dataclass(frozen=True, slots=True)
class AuditCriterion:
    """A criterion: number (« 1.1 »), subject, audit result, reason and proof.

    ``proof`` names the test that shows that the criterion is met (``file::function``), or the
    examination by hand and its day; it is empty where the criterion is not met or does not apply.
    """

    number: str
    subject: str
    status: AuditStatus
    why: str
    proof: str


def grid() -> tuple[AuditCriterion, ...]:
    """Return the 106 criteria in their order."""
    with _GRID.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return tuple(
        AuditCriterion(number, subject, AuditStatus(state), worded(why), proof)
        for number, subject, state, why, proof in rows
    )


def share_met() -> float:
    """Return the share of applicable criteria that are met, from 0 to 1."""
    statuses = [criterion.status for criterion in grid()]
    met, not_met = (statuses.count(kind) for kind in (AuditStatus.MET, AuditStatus.NOT_MET))
    return met / (met + not_met)


def verdict() -> str:
    """Return the legal term for that share (arrêté du 20 septembre 2019)."""
    share = share_met()
    if share == 1:
        return "totalement conforme"
    return "partiellement conforme" if share >= 0.5 else "non conforme"


DATE = "29 novembre 2026"
_RIGHTS = (
    "Si vous signalez un défaut qui vous empêche d'utiliser l'outil et que vous n'obtenez pas de "
    "réponse, vous pouvez écrire au Défenseur des droits (defenseurdesdroits.fr, ou par courrier "
    "gratuit, sans affranchir : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07)."
)


def statement(contacts: Contacts) -> htpy.Element:
    """Return the statement: result, criteria not met, contact, method."""
    not_met = [entry for entry in grid() if entry.status is AuditStatus.NOT_MET]
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
    rows = [(entry.number, entry.subject, entry.status.value, entry.why) for entry in grid()]
    return html.table(
        "Les 106 critères du RGAA 4.1", ("Critère", "Objet", "État", "Pourquoi"), rows, stacks=True
    )


_HEADS = ("Donnée", "De qui", "Où et pour qui", "Combien de temps", "Comment l'effacer")
_LOGIN = (
    "Nom et adresse électronique de connexion",
    "Les personnes qui se connectent",
    "Lus chez le fournisseur d'identité ; signent les scénarios et le journal des actions",
    "Tant que le scénario existe ; le journal des actions n'est jamais modifié",
    "Supprimer le scénario ; le journal des actions reste : c'est sa raison d'être",
)
_NAMES = (
    "Noms dans les postes",
    "Les {technicians}",
    "Un fichier du serveur, lu par les personnes connectées ; dans aucun scénario, export ou lien",
    "Jusqu'à ce qu'un planificateur les efface",
    "Équipes, ou « Effacer un nom » ci-dessous",
)
_JOURNAL = (
    "Journal de l'expérimentation : interventions, absences, trajets",
    "Les {technicians}, sous un numéro ({Proximity_technician} 1, 2…) sauf choix contraire",
    "La base de l'outil, lue par les personnes connectées",
    f"{KEPT_MONTHS} mois après la fin du mois ; dans les sauvegardes, tant qu'elles sont gardées",
    (
        "Équipes, « Bilan » : supprimer le fichier ; « Effacer un nom » ci-dessous rend ses lignes "
        "anonymes"
    ),
)
_FEEDBACK = (
    "Nom ou fonction donnés avec un commentaire ou un avis",
    "Les personnes qui ont reçu un lien",
    (
        "La base de l'outil, lue par les planificateurs et, selon le lien, par les personnes qui "
        "l'ouvrent"
    ),
    "Tant que la version partagée existe",
    "« Effacer un nom » ci-dessous ; le texte reste, sans nom",
)
_PRINT = (
    "Empreinte de l'adresse réseau des auteurs de commentaires",
    "Les mêmes personnes",
    "La base de l'outil, pour limiter les envois en rafale ; elle change d'un lien à l'autre",
    "Comme le commentaire",
    "Avec le commentaire",
)
_COOKIE = (
    "Témoin (cookie) qui retrouve le scénario à l'écran",
    "Vous",
    "Votre navigateur ; un code, sans nom ; aucun témoin de mesure d'audience",
    "90 jours",
    "Dans votre navigateur",
)
_TABS = (
    "Témoin (cookie) qui reconnaît les onglets d'un même navigateur",
    "Vous",
    "Votre navigateur ; un code tiré au sort, sans nom",
    "Jusqu'à la fermeture du navigateur",
    "Dans votre navigateur",
)
_ROWS = (_LOGIN, _NAMES, _JOURNAL, _FEEDBACK, _PRINT, _COOKIE, _TABS)


def personal_data(contacts: Contacts) -> htpy.Element:
    """Return the table of personal data kept, and the contact for requests."""
    who = contacts.organisation or "le service qui met cet outil à disposition"
    written = (
        (
            "Pour vos droits d'accès, de rectification et d'effacement, écrivez à ",
            contact(contacts.personal_data),
            ".",
        )
        if contacts.personal_data
        else "Adresse à donner par l'administrateur de l'outil."
    )
    return html.stack(
        html.note(
            f"Responsable : {who}. L'outil sert à préparer les secteurs et les zones : il ne juge "
            "personne. Rien n'est envoyé ailleurs que chez le fournisseur d'identité choisi."
        ),
        html.table(
            "Données personnelles gardées",
            _HEADS,
            [[worded(cell) for cell in row] for row in _ROWS],
            stacks=True,
        ),
        htpy.p[written],
        htpy.p["Réclamation possible auprès de la CNIL (cnil.fr)."],
    )


def legal_notices(study: Study) -> None:
    """Draw the sources, both notices, and the erasure form for an administrator."""
    known = _contacts()
    near = study.atlas.close_ground.credit
    texts = (*credits_of(study), *([f"Fond de carte de près : {near}."] if near else []))
    sources = [htpy.p[text] for text in texts]
    html.show(htpy.fragment[html.subtitle("Sources et méthode", anchor="sources"), sources])
    html.show(
        htpy.fragment[html.subtitle("Accessibilité", anchor="accessibilite"), statement(known)]
    )
    html.show(
        htpy.fragment[
            html.subtitle("Données personnelles", anchor="donnees-personnelles"),
            personal_data(known),
        ]
    )
    if actor().role >= Role.ADMINISTRATOR:
        _erasing()


def folded_notices() -> htpy.Element:
    """Return both notices folded, for a standalone page."""
    known = _contacts()
    return htpy.div(".gz-notices")[
        htpy.details[htpy.summary[f"Accessibilité : {verdict()}"], statement(known)],
        htpy.details[htpy.summary["Données personnelles"], personal_data(known)],
    ]


def _contacts() -> Contacts:
    with html.showing_errors():
        return contacts()
    return Contacts()


def _erasing() -> None:
    html.show(html.subtitle("Effacer un nom"))
    name = state.bound(DataView, "erased").draw(
        st.text_input, "Nom, comme il a été écrit", max_chars=100
    )
    st.button(
        "Effacer ce nom partout, pour toujours",
        key="mentions.effacer",
        icon=":material/delete:",
        disabled=not name.strip(),
        on_click=_erase,
    )


@state.reporting_errors()
def _erase() -> None:
    erasure = erase_person(opened_data.store, actor(), state.of(DataView).erased)
    state.update(DataView, erased="")
    state.notify("ok", erasure.sentence)
