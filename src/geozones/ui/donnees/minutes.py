"""Part « Minutes »: source of the travel times, how sure they are, a user's own measured drives."""

from collections.abc import Mapping
from functools import partial

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import (
    long_date,
    longer_than,
    minutes,
    number,
    plural,
    ranged_minutes,
    signed,
)
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATED_MEANS, Provenance, interval_source
from geozones.ui import state
from geozones.ui.server import uploads
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.tables import drive_columns
from geozones.workspace.reachability.accuracy import (
    Accuracy,
    References,
    ReferencesError,
    accuracy_csv,
    accuracy_of,
    read_references,
    shipped_references,
    template_csv,
)

_WORST = 8
#: Fewest drives for a share: with fewer, a percentage would claim too much.
_ENOUGH = 20
_FILE = "temps.mesures"
_TYPES = ["csv", "txt", "xlsx", "ods"]
_FAULTS = 12


def minutes_part(study: Study) -> None:
    """Draw the part: sources and accuracy on one side, the user's own drives on the other."""
    tool_side, own_side = st.columns(2, gap="large")
    with tool_side:
        html.show(html.subtitle("D'où viennent les durées"))
        # who made the minutes in use, when, of what, and how many are estimated
        travel, times = study.territory.drives, study.times
        if travel.notice:
            html.show(html.error(travel.notice))
        sites = terms().site.plural
        if travel.is_built_here:
            told = [f"Les durées entre {sites} ont été recalculées ici."]
        else:
            told = [f"Les durées entre {sites} sont livrées avec les données."]
        counted = zip(times.pairs_by_maker, times.estimated_by_maker, strict=True)
        told += [_made(maker, count, guessed) for (maker, count), guessed in counted if count]
        pairs = len(study.territory.lycees) * (len(study.territory.lycees) - 1)
        missing = pairs - times.beyond_pairs - sum(count for _, count in times.pairs_by_maker)
        if times.beyond_pairs:
            beyond = longer_than(times.within or 0)
            told.append(f"{plural(times.beyond_pairs, 'trajet')} de {beyond}.")
        if missing:
            told.append(f"{plural(missing, 'trajet')} sans accès.")
        html.show(
            html.stack(*map(html.sentence, told), html.remark(f"« Estimé » : {ESTIMATED_MEANS}."))
        )
        html.show(html.subtitle("À quel point elles sont sûres"))
        _shipped(study)
    with own_side:
        _own(study)


def _made(maker: Provenance, count: int, guessed: int) -> str:
    """Return the sentence of the drives that an engine made."""
    of_what = f" ({maker.source})" if maker.source else ""
    share = f", dont {plural(guessed, 'estimé')}" if guessed else ""
    made = f"{maker.label} du {long_date(maker.date)}"
    return f"{plural(count, 'trajet')} : {made}{of_what}{share}."


@html.showing_errors()
def _shipped(study: Study) -> None:
    """Show the accuracy against the reference drives of the data folder.

    Without references, show where the intervals come from.
    """
    references = shipped_references(study.territory)
    if references is not None:
        _comparison(study, references.held_out)
        _largest_errors(study, references)
        return
    given = study.times.low is not None
    reasons = [interval_source(maker, given=given) for maker, count in study.times.pairs_by_maker]
    html.show(
        html.stack(
            html.sentence(f"Fourchette : {' ; '.join(dict.fromkeys(reasons))}."),
            html.note(
                "Aucune durée de référence n'accompagne ces données. Comparez vos propres trajets "
                "mesurés : une vingtaine suffit pour se faire une idée."
            ),
        )
    )


@html.when_open(st.expander, "Les plus grands écarts", key="temps.ecarts")
def _largest_errors(study: Study, references: References) -> None:
    sources = [html.sources(f"{source}.") for source in references.sources]
    held_out = references.held_out
    if held_out is not references:
        sources.append(
            html.sources(
                f"Le calcul a été réglé sur une partie des {len(references.times)} durées : seules "
                f"comptent ici les {len(held_out.times)} autres, gardées pour le contrôle."
            )
        )
    html.show(html.stack(_worst(accuracy_of(study.analysis, held_out)), *sources))
    _download(study, held_out, "fiabilite-des-durees.csv", "temps.detail.livrees")


def _comparison(study: Study, references: References) -> None:
    """Tell the share of references inside the tool's interval, and the mean error."""
    found = accuracy_of(study.analysis, references)
    errors = found.overall
    if errors is None:
        html.show(html.error("L'outil n'a de durée pour aucun de ces trajets."))
    else:
        held = f"{errors.covered} sur {errors.pairs}"
        if errors.pairs >= _ENOUGH:
            held = f"{number(errors.coverage_percent)} % d'entre eux"
        html.show(
            html.sentence(
                f"Sur {plural(errors.pairs, 'trajet')}, la fourchette de l'outil contient, pour "
                f"{held} (80 % visés), la durée {references.given}. L'écart moyen est de "
                f"{number(errors.mae_percent, 1)} %."
            )
        )
    for text in _left_out(found):
        html.show(html.caveat(text))


def _download(study: Study, references: References, file: str, key: str) -> None:
    content = accuracy_csv(accuracy_of(study.analysis, references))
    download_button(
        "Télécharger le détail (CSV)", content, file_name=file, mime="text/csv", key=key
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


def _own(study: Study) -> None:
    """Compare a file of drives that the user measured."""
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
    shown = state.of(DataView)
    table = _FILE, drive_columns, partial(_read, study)
    uploads.uploader(
        _FILE,
        "Fichier de durées (CSV, XLSX, ODS ; 2 Mo au plus)",
        2,
        type=_TYPES,
        on_change=take_table,
        args=table,
    )
    corrected_columns(*table)
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
        _own_comparison(study, shown.references, shown.file)


@html.showing_errors()
def _own_comparison(study: Study, references: References, file: str) -> None:
    html.show(html.subtitle(file, heading=htpy.h3))
    _comparison(study, references)
    html.show(_worst(accuracy_of(study.analysis, references)))
    with st.container(horizontal=True):
        _download(study, references, "mes-trajets-compares.csv", "temps.detail.mesures")
        st.button(
            "Oublier ce fichier",
            icon=":material/close:",
            type="tertiary",
            key="temps.oublier",
            on_click=_show,
            args=(None, ""),
        )


def _read(study: Study, upload: uploads.Upload, corrections: Mapping[str, str]) -> None:
    state.clear_notice()
    references: References | None = None
    faults: tuple[str, ...] = ()
    try:
        references = uploads.read_in_process(
            read_references, study.territory, upload.content, upload.name, corrections
        )
    except ReferencesError as error:
        faults = tuple(map(str, error.faults))
    except GeozonesError as error:
        faults = (str(error),)
    _show(references, upload.name, faults)


def _show(references: References | None, file: str, faults: tuple[str, ...] = ()) -> None:
    state.update(DataView, references=references, file=file, faults=faults)


def _faults(shown: DataView) -> None:
    """List the faults to correct in a file, none of which was compared."""
    html.show(html.error(f"« {shown.file} » n'a pas été comparé : corrigez-le puis redéposez-le."))
    left = len(shown.faults) - _FAULTS
    sentences = list(shown.faults[:_FAULTS])
    if left > 0:
        sentences.append(f"Et {plural(left, 'autre ligne', 'autres lignes')}.")
    html.show(html.bullets(sentences, "gz-alerts"))
