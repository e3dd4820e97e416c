"""The page « Partager »: choose a view, see it, take it away in any format."""

from collections.abc import Callable

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import number
from geozones.export import Dossier
from geozones.export.pictures import SIZES
from geozones.export.registry import REGISTRY, file_name, format_of
from geozones.ui import desk, state
from geozones.ui.components import html, legend, sharing
from geozones.ui.components.chooser import chooser
from geozones.ui.components.moves import notice_box
from geozones.workspace import Workspace
from geozones.workspace.bundle import ZIP, ZIP_MEDIA, webinar_zip
from geozones.workspace.exports import Look, Subject, dossier


def partager(workspace: Workspace) -> None:
    """Draw the page."""
    work = desk.current(workspace)
    state.publish(work)
    st.html(
        '<h1 class="gz-title">Partager <small>images, diaporama, données, webinaire</small></h1>'
    )
    notice_box()
    choice_side, preview_side = st.columns([1, 2.1], gap="large")
    with choice_side:
        subject, look = sharing.choose(workspace)
        shown = _filled(workspace, subject, look)
        if shown is not None:
            _file(workspace, shown)
    with preview_side, st.container(key="gz-preview"):
        if shown is not None:
            _preview(workspace, shown)
    with st.container(key="gz-bundle"):
        _webinar(workspace, subject)
    legend.sources(workspace)


def _filled(workspace: Workspace, subject: Subject | None, look: Look | None) -> Dossier | None:
    if subject is None or look is None:
        return None
    try:
        return dossier(workspace, subject, look, desk.scenarios(workspace))
    except GeozonesError as error:
        st.html(f'<p class="gz-notice gz-error" role="alert">{html.text(str(error))}</p>')
        return None


def _key(workspace: Workspace, shown: Dossier, *more: str) -> tuple[str, ...]:
    """Return what a file depends on: equal keys, equal files."""
    settings = (workspace.times.factor, workspace.settings.max_minutes)
    before = "" if shown.comparison is None else shown.comparison.before.told
    return (*more, shown.slug, shown.title, shown.version.told, before, repr(settings))


def _file(workspace: Workspace, shown: Dossier) -> None:
    """Let the user choose a format and a size, make the file, and offer it."""
    share = state.share_view()
    chooser(
        "Format",
        {kind.key: f"{kind.label} (.{kind.key})" for kind in REGISTRY},
        share.format,
        lambda chosen: state.set_share_view(format=chosen),
        key="partager.format",
    )
    kind = format_of(share.format)
    st.html(html.note(kind.about))
    if kind.sized:
        chooser(
            "Taille",
            SIZES,
            share.size,
            lambda size: state.set_share_view(size=size),
            key="partager.taille",
        )
    size = share.size if kind.sized else ""
    key = _key(workspace, shown, "file", kind.key, size)
    _prepared(
        "partager.preparer",
        "Préparer le fichier",
        key,
        lambda: _keep(
            key,
            kind.media,
            lambda: (file_name(shown, kind.extension, size), kind.make(shown, share.size)),
        ),
    )


def _prepared(button: str, label: str, key: tuple[str, ...], make: Callable[[], None]) -> None:
    """Offer to make a file, and the file once it is made."""
    place = st.empty()
    if state.ready(*key) is None and place.button(
        label, icon=":material/draft:", type="primary", key=button, width="stretch"
    ):
        place.empty()
        with st.spinner("Préparation…"):
            make()
    _download(key, f"{button}.telecharger")


def _keep(key: tuple[str, ...], media: str, make: Callable[[], tuple[str, bytes]]) -> None:
    """Make a file and keep it for this session, or say why it cannot be."""
    try:
        name, content = make()
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    state.keep_ready(state.Ready(key, name, media, content))


def _download(key: tuple[str, ...], button: str) -> None:
    """Offer the file, once it is made."""
    made = state.ready(*key)
    if made is None:
        return
    st.download_button(
        f"Télécharger ({_weight(len(made.content))})",
        made.content,
        file_name=made.name,
        mime=made.media,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=button,
        width="stretch",
    )
    st.html(html.note(made.name))


def _weight(size: int) -> str:
    if size < 1_000_000:
        return f"{number(max(size / 1000, 1))} ko"
    return f"{number(size / 1_000_000, 1)} Mo"


def _preview(workspace: Workspace, shown: Dossier) -> None:
    """Show the view as a picture, or as the first lines of a table."""
    if state.share_view().format in {"xlsx", "csv"}:
        st.html(sharing.first_lines(shown))
        return
    try:
        st.html(sharing.preview(_key(workspace, shown), shown))
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")


def _webinar(workspace: Workspace, subject: Subject | None) -> None:
    """Offer everything for a webinar at once, and the webinar itself."""
    st.html('<h2 class="gz-subtitle">Tout pour un webinaire</h2>')
    st.html(
        '<p class="gz-sentence">Un seul fichier compressé : le diaporama, le webinaire et la carte '
        "interactive sans réseau, les images de la région et de chaque secteur, un PDF à imprimer, "
        "le classeur et les données. Comptez une demi-minute.</p>"
    )
    make_side, show_side = st.columns(2, gap="medium")
    with show_side:
        st.page_link(
            "pages/webinaire.py", label="Ouvrir le mode webinaire", icon=":material/slideshow:"
        )
    if subject is None:
        return
    settings = (workspace.times.factor, workspace.settings.max_minutes)
    key = (ZIP, subject.version.told, repr(settings))
    with make_side:
        _prepared("partager.zip", "Tout préparer (zip)", key, lambda: _zip(workspace, subject, key))


def _zip(workspace: Workspace, subject: Subject, key: tuple[str, ...]) -> None:
    bar = st.progress(0.0, "Préparation du dossier…")

    def tell(done: int, total: int, told: str) -> None:
        bar.progress(done / total, f"{min(done + 1, total)} sur {total} : {told}")

    _keep(key, ZIP_MEDIA, lambda: webinar_zip(workspace, subject, tell))
    bar.empty()
