"""Who made the travel times, when and from what; building them anew."""

from functools import partial
from html import escape

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import listing, long_date, number, plural
from geozones.ui import state
from geozones.ui.app import reopen
from geozones.ui.components import html
from geozones.workspace import (
    ENGINES,
    Built,
    Rebuild,
    Workspace,
    build_matrix,
    use_shipped,
)

_ENGINES = "temps.moteurs"
_COMMUNES = "temps.communes"


@st.cache_resource(show_spinner=False)
def _work() -> dict[str, Rebuild]:
    """Return the build at work in this server, if any: one at a time, for every session."""
    return {}


def provenance(workspace: Workspace) -> None:
    """Show the makers of the matrix in use, and why another is not used."""
    travel = workspace.travel
    kind = "recalculée ici" if travel.is_built_here else "livrée avec l'outil"
    if travel.notice:
        st.html(f'<p class="gz-notice gz-error" role="alert">{escape(travel.notice)}</p>')
    rows = [
        (
            maker.engine,
            long_date(maker.date),
            maker.profile,
            maker.source or "—",
            maker.licence or "—",
            number(count),
            "oui" if maker.is_estimate else "non",
        )
        for maker, count in workspace.times.pairs_by_maker
    ]
    heads = ("Moteur", "Date", "Profil", "Source", "Licence", "Trajets", "Estimés")
    pairs = len(workspace.lycees) * (len(workspace.lycees) - 1)
    missing = pairs - sum(count for _, count in workspace.times.pairs_by_maker)
    caption = (
        f"Matrice en service, {kind} : {number(pairs)} trajets entre lycées, dont "
        f"{number(workspace.times.estimated_pairs)} estimés et {number(missing)} sans accès"
    )
    st.html(html.table(caption, heads, rows, numeric=frozenset({5})))


def configured(workspace: Workspace) -> None:
    """List the engines, those of the settings first, and how to set the others up."""
    order = workspace.travel.settings.engines
    rows = []
    for kind in ENGINES:
        rank = str(order.index(kind.name) + 1) if kind.name in order else "—"
        rows.append((kind.name, kind.about, rank, "oui" if kind.draws else "non"))
    rows.sort(key=lambda row: row[2].replace("—", "~"))
    heads = ("Moteur", "Ce qu'il est", "Rang d'essai", "Trace les routes")
    st.html(html.table("Moteurs et ordre d'essai", heads, rows))
    st.html(
        '<p class="gz-sources">L\'ordre et les accès se règlent par GEOZONES_ENGINES et le fichier '
        "de réglages (docs/reference.md). Une clé ne s'écrit jamais ici.</p>"
    )


def rebuilding(workspace: Workspace) -> None:
    """Offer to build the matrix anew; while a build is at work, show how far it is."""
    if "now" in _work():
        _at_work()
        return
    names = [kind.name for kind in ENGINES]
    st.multiselect(
        "Moteurs, dans l'ordre où les essayer",
        names,
        default=[name for name in workspace.travel.settings.engines if name in names],
        key=_ENGINES,
        placeholder="Choisir un moteur",
    )
    st.checkbox("Calculer aussi les trajets vers les communes", value=True, key=_COMMUNES)
    with st.container(horizontal=True):
        st.button(
            "Recalculer la matrice",
            icon=":material/refresh:",
            type="primary",
            key="temps.recalculer",
            on_click=_start,
            args=(workspace,),
            disabled=not state.widget(_ENGINES),
        )
        if workspace.travel.is_built_here:
            st.button(
                "Revenir à la matrice livrée",
                icon=":material/restart_alt:",
                key="temps.livree",
                on_click=_go_back,
                args=(workspace,),
            )


def _start(workspace: Workspace) -> None:
    state.clear_notice()
    build = partial(
        build_matrix,
        workspace,
        list(state.widget(_ENGINES)),
        communes=bool(state.widget(_COMMUNES)),
    )
    if "now" not in _work():
        work = Rebuild(lambda progress: build(progress=progress))
        _work()["now"] = work
        work.start()


def _go_back(workspace: Workspace) -> None:
    try:
        use_shipped(workspace)
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    reopen()
    state.notify("ok", "La matrice livrée est de nouveau en service.")


@st.fragment(run_every=0.5)
def _at_work() -> None:
    work = _work().get("now")
    if work is None or not work.is_running:
        _finish(work)
        st.rerun()
    share = work.done / work.total if work.total else 0.0
    done = f"{number(work.done)} trajets sur {number(work.total)}" if work.total else "préparation"
    said = "Arrêt demandé, fin de l'étape en cours" if work.is_stopping else "Calcul en cours"
    st.progress(min(share, 1.0), f"{said} : {done}")
    st.button(
        "Arrêter",
        icon=":material/stop_circle:",
        key="temps.arreter",
        on_click=work.cancel,
        disabled=work.is_stopping,
    )


def _finish(work: Rebuild | None) -> None:
    """Say how a build ended, once; the first session to see it puts its matrix in use."""
    if work is None or _work().pop("now", None) is None:
        return
    if work.result is not None:
        reopen()
        state.notify("ok", _told(work.result))
    else:
        why = (
            str(work.error) if work.error else "erreur interne, le journal du serveur la détaille."
        )
        state.notify("error", f"{why} La matrice en service n'a pas changé.")


def _told(built: Built) -> str:
    said = (
        f"Matrice recalculée par {listing(built.engines)} en {number(built.seconds, 1)} s : "
        f"{plural(built.pairs, 'trajet')}, dont {number(built.estimated)} estimés. "
    )
    if built.unreachable:
        said += f"Sans accès : {', '.join(built.unreachable)}. "
    return said + " ".join(f"{fault.engine} : {fault.message}" for fault in built.faults)
