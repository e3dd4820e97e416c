"""« Fiabilité »: errors of the tool's minutes against known driving times."""

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.donnees.travel_accuracy import comparison
from geozones.ui.server import uploads
from geozones.ui.state.donnees_views import ReliabilityView
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.workspace.reachability.accuracy_files import template_csv
from geozones.workspace.reachability.references import (
    References,
    ReferencesError,
    read_references,
    shipped_references,
)
from geozones.workspace.study import Study

_FILE = "temps.mesures"
_TYPES = ["csv", "txt", "xlsx", "ods"]
_FAULTS = 12


def reliability_part(study: Study) -> None:
    """Show the errors against the shipped references, and against the user's own."""
    shipped_side, own_side = st.columns(2, gap="large")
    with shipped_side:
        _shipped(study)
    with own_side:
        _own(study)


@html.showing_errors()
def _shipped(study: Study) -> None:
    html.show(html.subtitle("Face aux durées de référence"))
    references = shipped_references(study.territory)
    if references is None:
        html.show(
            html.note(
                "Aucune durée de référence n'accompagne ces données. Comparez vos propres trajets "
                "mesurés : une vingtaine suffit pour se faire une idée."
            )
        )
        return
    for source in references.sources:
        html.show(html.sources(f"{source}."))
    *whole, last = references.parts
    if whole:
        html.show(
            html.note(
                f"Le calcul a été réglé sur une partie des {len(references.times)} durées : seules "
                f"comptent ici les {len(last.times)} autres, gardées pour le contrôle."
            )
        )
    comparison(study, last, "livrees")


def _own(study: Study) -> None:
    html.show(html.subtitle("Vos trajets mesurés"))
    html.show(
        html.note(
            "Un tableau, un trajet par ligne : ",
            htpy.strong["de"],
            ", ",
            htpy.strong["a"],
            ", ",
            htpy.strong["minutes"],
            worded(
                ". Un lieu est {a_code}, le nom {of_a_site} ou d'une commune, un code INSEE ou une "
                "position « latitude,longitude ». Le fichier n'est pas conservé."
            ),
        )
    )
    shown = state.of(ReliabilityView)
    uploads.uploader(
        _FILE,
        "Fichier de durées (CSV, XLSX, ODS ; 2 Mo au plus)",
        2,
        type=_TYPES,
        on_change=_read,
        args=(study,),
    )
    download_button(
        "Télécharger un modèle à remplir",
        template_csv(study),
        file_name="trajets-a-mesurer.csv",
        mime="text/csv",
        help="Les trajets entre collègues dont l'outil est le moins sûr, la durée à remplir.",
        key="temps.modele",
    )
    if shown.faults:
        _faults(shown)
    elif shown.references is not None:
        html.show(html.subtitle(shown.file, heading=htpy.h3))
        comparison(study, shown.references, "mesures")
        st.button(
            "Oublier ce fichier",
            icon=":material/close:",
            type="tertiary",
            key="temps.oublier",
            on_click=_show,
            args=(None, ""),
        )


def _read(study: Study) -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    state.clear_notice()
    references: References | None = None
    faults: tuple[str, ...] = ()
    try:
        references = uploads.read_in_process(
            read_references, study.territory, upload.content, upload.name
        )
    except ReferencesError as error:
        faults = tuple(map(str, error.faults))
    except GeozonesError as error:
        faults = (str(error),)
    _show(references, upload.name, faults)


def _show(references: References | None, file: str, faults: tuple[str, ...] = ()) -> None:
    state.update(ReliabilityView, references=references, file=file, faults=faults)


def _faults(shown: ReliabilityView) -> None:
    """List the faults to correct in a file, none of which was compared."""
    html.show(html.error(f"« {shown.file} » n'a pas été comparé : corrigez-le puis redéposez-le."))
    left = len(shown.faults) - _FAULTS
    sentences = list(shown.faults[:_FAULTS])
    if left > 0:
        sentences.append(f"Et {plural(left, 'autre ligne', 'autres lignes')}.")
    html.show(html.bullets(sentences, "gz-alerts"))
