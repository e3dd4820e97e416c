"""Notice on personal data: what is kept, where, how long, and its erasure (RGPD, article 13)."""

import htpy

from geozones.common.contacts import Contacts
from geozones.domain.terms import worded
from geozones.ui.notices.statement import contact
from geozones.ui.widgets import html
from geozones.workspace.experiment.reading import KEPT_MONTHS

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
    "Les {technicians}, sous un numéro ({proximity_technician} 1, 2…) sauf choix contraire",
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
        ),
        htpy.p[written],
        htpy.p["Réclamation possible auprès de la CNIL (cnil.fr)."],
    )
