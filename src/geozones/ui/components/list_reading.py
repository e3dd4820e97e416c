"""The first steps of an import: a file or pasted text, then what its columns are."""

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import plural
from geozones.ui import state
from geozones.ui.components import html
from geozones.workspace import COLUMN_LABELS, ListImport, Work, Workspace

_FILE, _TEXT = "donnees.fichier", "donnees.texte"
_TYPES = ["txt", "csv", "tsv", "xlsx", "xlsm", "ods", "geojson", "json"]
_NONE = "aucune"
_MOST_TEXT = 1_000_000


def read_step(workspace: Workspace, _work: Work) -> None:
    """Ask for the list."""
    st.html(
        html.note(
            "Un tableau collé depuis un PDF (le document entier convient), un CSV, un classeur "
            "XLSX ou ODS, ou un GeoJSON. Codes, communes et noms sont vérifiés avec l'annuaire, "
            "sans réseau."
        )
    )
    file_side, text_side = st.columns(2, gap="large")
    with file_side:
        st.file_uploader("Fichier (30 Mo au plus)", type=_TYPES, key=_FILE)
        st.button(
            "Lire le fichier",
            icon=":material/upload_file:",
            key="donnees.lire-fichier",
            on_click=_read_file,
            args=(workspace,),
        )
    with text_side:
        st.text_area(
            "Ou texte collé",
            key=_TEXT,
            height=170,
            max_chars=_MOST_TEXT,
            placeholder="DPT ⇥ Code RNE ⇥ Nom du lycée ⇥ Ville",
        )
        st.button(
            "Lire le texte",
            icon=":material/content_paste:",
            key="donnees.lire-texte",
            on_click=_read_text,
            args=(workspace,),
        )


def _read_file(workspace: Workspace) -> None:
    upload = state.widget(_FILE)
    if upload is None:
        state.notify("error", "Choisissez d'abord un fichier.")
        return
    _read(workspace, upload.getvalue(), upload.name)


def _read_text(workspace: Workspace) -> None:
    _read(workspace, str(state.widget(_TEXT) or ""), "texte collé")


def _read(workspace: Workspace, content: bytes | str, name: str) -> None:
    try:
        current = ListImport.opened(workspace, content, name)
    except GeozonesError as error:
        state.notify("error", f"{error}")
        return
    state.clear_notice()
    # where the titles say what the columns are, there is nothing to ask
    step = 3 if current.report.listing.sure and current.report.listing.rows else 2
    state.set_list_view(current=current, step=step, name=f"Import de {current.name}"[:100])


def columns_step(_workspace: Workspace, _work: Work) -> None:
    """Show which column holds what, and let the user say otherwise."""
    current = state.list_view().current
    if current is None:
        return
    listing = current.report.listing
    if current.columns is None and not listing.sure:
        st.warning(
            "Les titres des colonnes ne sont pas reconnus : vérifiez ce que l'outil a deviné.",
            icon=":material/help:",
        )
    elif not listing.rows:
        st.warning("Aucune ligne de lycée n'est reconnue : dites quelles sont les colonnes.")
    columns = dict(current.columns or listing.columns)
    titles = list(enumerate(current.titles))
    options = [_NONE, *(str(rank) for rank, _ in titles)]
    names = {_NONE: "— (absente)"} | {str(rank): f"{rank + 1}. {title}" for rank, title in titles}
    boxes = st.columns(4, gap="small")
    for rank, (field, label) in enumerate(COLUMN_LABELS.items()):
        key = f"donnees.colonne.{field}"
        chosen = columns.get(field)
        state.put(key, _NONE if chosen is None or str(chosen) not in names else str(chosen))
        boxes[rank % 4].selectbox(
            label, options, format_func=names.__getitem__, key=key, on_change=_choose
        )
    sample = current.sample()
    st.html(html.table("Premières lignes", [names[str(rank)] for rank, _ in titles], sample))
    st.html(html.note(f"{plural(len(listing.rows), 'ligne')} de lycées reconnues comme telles."))


def _choose() -> None:
    current = state.list_view().current
    if current is None:
        return
    chosen = {field: state.widget(f"donnees.colonne.{field}") for field in COLUMN_LABELS}
    columns = {field: int(rank) for field, rank in chosen.items() if rank not in {None, _NONE}}
    state.set_list_view(current=current.with_columns(columns))
