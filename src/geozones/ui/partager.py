"""Page « Partager »: choose a view and a template, preview it, download it in any format."""

import hashlib

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import inside, listing
from geozones.domain.access import Access
from geozones.domain.terms import terms, worded
from geozones.export import Dossier
from geozones.export.pictures import SIZES
from geozones.export.registry import REGISTRY, check_template, format_of
from geozones.render.typeface import typeface
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import share_parts
from geozones.ui.opened_data import ledger
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor
from geozones.ui.server.shared_files import PICTURES
from geozones.ui.state import address
from geozones.ui.state.page_views import DeckTemplate, ScenariosView, ShareView
from geozones.ui.widgets import html, sharing
from geozones.ui.widgets.html import choose_part, show_part
from geozones.ui.widgets.job_card import prepared
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import notice_box
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Role
from geozones.workspace.sharing.bundle import (
    ZIP,
    ZIP_MEDIA,
    FileRequest,
    ZipRequest,
    file_job,
    zip_job,
)
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView

_MOST_MB = 20
_FILE = "partager.modele"


def template_picker() -> None:
    """Let the user upload a template; show which one is used, or why one was refused."""
    shown = state.of(DeckTemplate)
    if shown.content is not None:
        html.show(html.note(f"Modèle : « {shown.name} », pour cette session."))
        st.button(
            "Revenir au modèle de l'outil",
            icon=":material/close:",
            type="tertiary",
            key="partager.sans-modele",
            on_click=_keep,
        )
        return
    if shown.fault:
        problem = f"« {shown.name} » n'est pas utilisé. {shown.fault}"
        html.show(html.error(problem, data_field="modele"))
    uploads.uploader(
        _FILE,
        f"Modèle {terms().organisation.of_the}, facultatif (.pptx en 16:9 ou 4:3, sans macro, "
        f"{_MOST_MB} Mo au plus)",
        _MOST_MB,
        on_change=_read,
    )


def _read() -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    content, name = upload.content, upload.name
    try:
        uploads.read_in_process(check_template, content)
    except GeozonesError as error:
        _keep(name=name, fault=str(error))
        return
    mark = hashlib.sha256(content).hexdigest()[:16]
    _keep(content=content, name=name, mark=mark)


def _keep(content: bytes | None = None, name: str = "", mark: str = "", fault: str = "") -> None:
    state.update(DeckTemplate, content=content, name=name, mark=mark, fault=fault)


_FILES = "fichiers"
#: Part of former addresses: opinions are in the scenario's sheet now.
_FORMER = "voix"


def partager(study: Study) -> None:
    """Draw the page: files to download, or the part of a feature."""
    if address.asked_part() == _FORMER:
        state.update(ScenariosView, managed=None, feedback=True)
        st.switch_page("pages/scenarios.py")
    names = {part.key: part.name for part in share_parts()}
    held = ", ".join(["images", "diaporama", "données", *(inside(name) for name in names.values())])
    html.show(html.title("Partager", held))
    notice_box()
    chosen = choose_part(ShareView, {_FILES: "Images, diaporama, données"} | names, _turn)
    if chosen == _FILES:
        choice_side, preview_side = st.columns([1, 2.1], gap="large")
        with choice_side:
            exported, view = sharing.choose(study)
            shown = _filled(exported, view)
            if exported is not None and shown is not None:
                _file(study, exported, shown)
        with preview_side, st.container(key="gz-preview"):
            if shown is not None:
                _preview(study, shown)
        with st.container(key="gz-bundle"):
            _all_files(study, exported)
        address.publish(current_scenario.current())
        return
    for part in share_parts():
        if part.key == chosen:
            part.draw(study)
    address.remember(current_scenario.current())


def _turn(_part: str) -> None:
    state.update(ShareView, linked=False)


def _open(part: str) -> None:
    show_part(ShareView, part)
    _turn(part)


def _filled(exported: ExportedPlan | None, view: ExportView | None) -> Dossier | None:
    if exported is None or view is None:
        return None
    with html.showing_errors():
        return dossier(exported, view)
    return None


def _key(study: Study, shown: Dossier, *more: str) -> tuple[str, ...]:
    """Return the cache key of a file: equal keys mean equal files."""
    settings = (study.settings.max_minutes,)
    before = "" if shown.comparison is None else shown.comparison.before.full_name
    inputs = repr((settings, shown.feedback))
    names = (shown.slug, shown.title, shown.version.full_name, before, shown.address)
    return (*more, *names, inputs)


def _file(study: Study, exported: ExportedPlan, shown: Dossier) -> None:
    """Let the user choose a format and a size, make the file, and offer it."""
    share = state.of(ShareView)
    chooser(
        "Format",
        {kind.key: kind.named for kind in REGISTRY if kind.on_page},
        state.bound(ShareView, "format"),
    )
    kind = format_of(share.format)
    html.show(html.note(kind.about))
    if kind.lettered:
        remarks = (typeface().warning, exported.no_address)
        html.show(html.stack([html.remark(remark) for remark in remarks if remark]))
        _freezing(exported)
    size = share.size if share.size in kind.sizes else next(iter(kind.sizes), "")
    if kind.sizes:
        sizes = {key: SIZES[key] for key in kind.sizes}
        sharing.choose_field("Taille", sizes, size, "size")
    if kind.templated:
        template_picker()
    given = state.of(DeckTemplate) if kind.templated else DeckTemplate()
    key = _key(study, shown, "file", kind.key, size, given.mark)
    prepared(
        "partager.preparer",
        "Préparer le fichier",
        key,
        kind.media,
        lambda: file_job(FileRequest(shown, kind.key, size, given.content)),
    )


def _freezing(exported: ExportedPlan) -> None:
    """Offer to freeze the version that files lead to: whoever has a file can then read it."""
    if not (exported.site and exported.no_address and exported.scenario):
        return
    with html.showing_errors():
        access = current_scenario.scenarios().access(exported.scenario)
        if actor().role >= Role.PLANNER and access is not Access.READER:
            st.button(
                "Figer cette version pour un code QR",
                icon=":material/qr_code:",
                key="partager.figer",
                on_click=_freeze,
                args=(exported.scenario,),
            )


@state.reporting_errors()
def _freeze(scenario: str) -> None:
    service = current_scenario.scenarios()
    PICTURES.start(service.links.freeze(service.open(scenario)))
    state.notify(
        "ok",
        "Cette version est figée. Toute personne qui a le fichier y accède par le code QR. Le "
        "lien se retire dans la page Scénarios.",
    )


def _preview(study: Study, shown: Dossier) -> None:
    """Show the view as a picture, or as the first lines of a table."""
    if format_of(state.of(ShareView).format).tabular:
        html.show(sharing.first_lines(shown))
        return
    with html.showing_errors():
        html.show(sharing.preview(_key(study, shown), shown))


def _all_files(study: Study, exported: ExportedPlan | None) -> None:
    """Offer a zip with all files, and the parts of features."""
    html.show(html.subtitle("Tous les fichiers"))
    offline = listing([*(part.bundled for part in share_parts()), "la carte interactive"])
    html.show(
        html.sentence(
            worded(
                f"Un seul fichier compressé : le diaporama, {offline} sans réseau, les images "
                "{of_the_territory} et de chaque secteur, un PDF à imprimer, le classeur et les "
                "données. Comptez une demi-minute."
            )
        )
    )
    make_side, show_side = st.columns(2, gap="medium")
    with show_side:
        for part in share_parts():
            st.button(
                part.opening,
                icon=":material/slideshow:",
                key=f"partager.{part.key}",
                on_click=_open,
                args=(part.key,),
            )
    if exported is None:
        return
    settings = (study.settings.max_minutes,)
    inputs = repr((settings, exported.feedback.sentences))
    given, version = state.of(DeckTemplate), (exported.version.full_name, exported.address)
    key = (ZIP, *version, given.mark, inputs, ledger().fingerprint)
    with make_side:
        prepared(
            "partager.zip",
            "Tout préparer (zip)",
            key,
            ZIP_MEDIA,
            lambda: zip_job(ZipRequest(exported, given.content, ledger())),
        )
        if given.content is not None:
            html.show(html.note(f"Le diaporama prend le modèle « {given.name} »."))
