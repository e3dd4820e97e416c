"""First steps of an import: a file or pasted text, then the meaning of its columns."""

from functools import partial

import streamlit as st

from geozones.common.french import plural
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.server import uploads
from geozones.ui.state.donnees_views import ListView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_progress
from geozones.workspace.imports.session import ListJob, ListRequest, column_labels, list_job
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_FILE = "donnees.fichier"
_TYPES = ["txt", "csv", "tsv", "xlsx", "xlsm", "ods", "geojson", "json"]
_NONE = "aucune"
_MOST_TEXT = 1_000_000
#: Seconds to wait for a short list.
_SHORT_S = 1.0


def read_step(study: Study, _work: Work) -> None:
    """Draw the form that takes the list."""
    html.show(
        html.note(
            "Un tableau collé depuis un PDF (le document entier convient), un CSV, un classeur "
            "XLSX ou ODS, ou un GeoJSON. Codes, communes et noms sont vérifiés avec l'annuaire, "
            "sans réseau."
        )
    )
    job = state.of(ListView).job
    if job is not None:
        title = f"Lecture de « {job.asked.name[:80]} »"
        if job_progress(
            job, title, StopButton("Annuler", "donnees.annuler", partial(drop_job, ListView))
        ):
            return
        _end(job)
        st.rerun()
    file_side, text_side = st.columns(2, gap="large")
    with file_side:
        uploads.uploader(_FILE, "Fichier (30 Mo au plus)", 30, type=_TYPES)
        st.button(
            "Lire le fichier",
            icon=":material/upload_file:",
            key="donnees.lire-fichier",
            on_click=_read_file,
            args=(study,),
            # a click while the file is still being sent would find none
            disabled=not uploads.is_there(_FILE),
        )
    with text_side:
        state.bound(ListView, "pasted").draw(
            st.text_area,
            "Ou texte collé",
            height=170,
            max_chars=_MOST_TEXT,
            placeholder=worded("DPT ⇥ Code RNE ⇥ Nom {of_the_site} ⇥ Ville"),
        )
        st.button(
            "Lire le texte",
            icon=":material/content_paste:",
            key="donnees.lire-texte",
            on_click=_read_text,
            args=(study,),
        )


def _read_file(study: Study) -> None:
    upload = uploads.take(_FILE)
    if upload is not None:
        _read(study, upload.content, upload.name)


def _read_text(study: Study) -> None:
    _read(study, state.of(ListView).pasted, "texte collé")


def _read(study: Study, content: bytes | str, name: str) -> None:
    job = begin_job(ListView, lambda: list_job(ListRequest(study.territory, content, name)))
    if job is None:
        return
    job.wait(_SHORT_S)
    if not job.is_running:
        _end(job)


def _end(job: ListJob) -> None:
    """Continue with a list that was read, or notify the user why it could not be read."""
    state.update(ListView, job=None)
    if job.outcome is None:
        state.notify("error", job.problem)
        return
    current = job.asked.opened(job.outcome)
    # if the titles identify the columns, that step is skipped
    step = 3 if current.report.listing.sure and current.report.listing.rows else 2
    state.update(ListView, current=current, step=step, proposed=f"Import de {current.name}"[:100])


def columns_step(_study: Study, _work: Work) -> None:
    """Show the content of each column, and let the user correct it."""
    current = state.of(ListView).current
    if current is None:
        return
    listing = current.report.listing
    if current.columns is None and not listing.sure:
        text = "Les titres des colonnes ne sont pas reconnus : vérifiez ce que l'outil a deviné."
        html.show(html.warning(text))
    elif not listing.rows:
        text = worded("Aucune ligne {of_site} n'est reconnue : indiquez quelles sont les colonnes.")
        html.show(html.warning(text))
    columns = dict(current.columns or listing.columns)
    titles = list(enumerate(current.titles))
    options = [_NONE, *(str(rank) for rank, _ in titles)]
    names = {_NONE: "— (absente)"} | {str(rank): f"{rank + 1}. {title}" for rank, title in titles}
    boxes = st.columns(4, gap="small")
    for rank, (field, label) in enumerate(column_labels().items()):
        chosen = str(columns.get(field, _NONE))
        bound = state.BoundValue(f"donnees.colonne.{field}", chosen, partial(_choose, field))
        bound.draw(boxes[rank % 4].selectbox, label, options, format_func=names.__getitem__)
    sample = current.sample()
    html.show(html.table("Premières lignes", [names[str(rank)] for rank, _ in titles], sample))
    html.show(
        html.note(f"{plural(len(listing.rows), 'ligne')} {terms().site.of_plural} reconnues.")
    )


def _choose(field: str, rank: str) -> None:
    """Read a field from another column, or from none."""
    current = state.of(ListView).current
    if current is None:
        return
    columns = dict(current.columns or current.report.listing.columns)
    columns.pop(field, None)
    if rank != _NONE:
        columns[field] = int(rank)
    state.update(ListView, current=current.with_columns(columns))
