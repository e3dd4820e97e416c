"""« Fiabilité »: errors of the tool's minutes against given driving times, by kind of drive."""

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import minutes, number, plural, ranged_minutes, signed
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.server import uploads
from geozones.ui.state.page_views import ReliabilityView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.workspace.reachability.accuracy import (
    KINDS,
    Accuracy,
    Errors,
    accuracy_csv,
    accuracy_of,
    template_csv,
)
from geozones.workspace.reachability.references import (
    References,
    ReferencesError,
    read_references,
    shipped_references,
)
from geozones.workspace.study import Study

_WORST = 8
#: Bias in percent below which the tool counts as neither too short nor too long.
_EVEN = 1.0
#: Fewest drives for a share: with fewer, a percentage would claim too much.
_ENOUGH = 20


@html.showing_errors()
def comparison(study: Study, references: References, key: str) -> None:
    """Show the errors against some references: in a sentence, by kind, the worst."""
    found = accuracy_of(study.analysis, references)
    overall = found.overall
    if overall is None:
        html.show(html.error("L'outil n'a de durée pour aucun de ces trajets."))
    else:
        html.show(html.sentence(_sentence(overall, references.given)))
        html.show(_by_kind(found, overall))
        html.show(_worst(found))
    for text in _left_out(found):
        html.show(html.caveat(text))
    download_button(
        "Télécharger le détail (CSV)",
        accuracy_csv(found),
        file_name="fiabilite-des-durees.csv" if key == "livrees" else "mes-trajets-compares.csv",
        mime="text/csv",
        key=f"temps.detail.{key}",
    )


def _sentence(errors: Errors, given: str) -> str:
    bias = errors.bias_percent
    if abs(bias) < _EVEN:
        tends = "il n'est ni trop court ni trop long"
    else:
        tends = f"il est plutôt trop {'long' if bias > 0 else 'court'} ({signed(bias)} %)"
    return (
        f"Sur {plural(errors.pairs, 'trajet')}, l'outil s'écarte en moyenne de "
        f"{number(errors.mae_percent, 1)} % ; {tends}. Sa fourchette contient, pour "
        f"{_covered(errors, ' des trajets', ' trajets')} (80 % visés), la durée {given}."
    )


def _covered(errors: Errors, of_all: str = "", drives: str = "") -> str:
    """Format how many references are inside the interval: a share if there are enough."""
    if errors.pairs < _ENOUGH:
        return f"{errors.covered}{drives} sur {errors.pairs}"
    return f"{number(errors.coverage_percent)} %{of_all}"


def _by_kind(found: Accuracy, overall: Errors) -> htpy.Element:
    about = {kind.name: f"{kind.name.capitalize()} ({kind.about})" for kind in KINDS}
    rows = [_row(about[name], errors) for name, errors in found.by_kind.items()]
    heads = ("Trajets", "Nombre", "Écart moyen", "Biais", "Pire écart", "Dans la fourchette")
    return html.table(
        f"Écarts par genre de trajet, en % de la durée {found.references.given}",
        heads,
        [*rows, _row("Tous", overall)],
        numeric=frozenset({1, 2, 3, 4, 5}),
        stacks=True,
    )


def _row(name: str, errors: Errors) -> tuple[str, ...]:
    return (
        name,
        number(errors.pairs),
        f"{number(errors.mae_percent, 1)} %",
        f"{signed(errors.bias_percent)} %",
        f"{number(errors.worst_percent)} %",
        _covered(errors),
    )


def _worst(found: Accuracy) -> htpy.Element:
    labels = found.references.labels
    rows = [
        (
            f"{labels[entry.reference.origin]} → {labels[entry.reference.destination]}",
            minutes(entry.reference.minutes),
            ranged_minutes(entry.minutes, entry.low, entry.high, estimated=entry.estimated),
            f"{signed(entry.percent, 0)} %",
        )
        for entry in found.checked[:_WORST]
    ]
    heads = ("Trajet", "Durée donnée", "Outil", "Écart")
    title = f"Les plus grands écarts avec la durée {found.references.given}"
    return html.table(title, heads, rows, numeric=frozenset({1, 2, 3}), stacks=True)


def _left_out(found: Accuracy) -> list[str]:
    """Return the lines that were not compared, and the doubts about the file."""
    references = found.references
    sentences = [
        f"Ligne {time.line} : l'outil n'a pas de durée de {references.labels[time.origin]} à "
        f"{references.labels[time.destination]}."
        for time in found.unknown[:_WORST]
    ]
    if len(found.unknown) > _WORST:
        left = plural(len(found.unknown) - _WORST, "autre trajet", "autres trajets")
        sentences.append(f"Et {left} sans durée.")
    if references.unfilled:
        sentences.append(f"{plural(references.unfilled, 'ligne')} sans minutes, à mesurer.")
    return [*sentences, *references.remarks[:_WORST]]


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
    held_out = references.held_out
    if held_out is not references:
        html.show(
            html.note(
                f"Le calcul a été réglé sur une partie des {len(references.times)} durées : seules "
                f"comptent ici les {len(held_out.times)} autres, gardées pour le contrôle."
            )
        )
    comparison(study, held_out, "livrees")


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
