"""Source of the travel times: engine, date, data; and their rebuild."""

from collections.abc import Mapping, Sequence

import htpy
import streamlit as st

from geozones.common.french import listing, long_date, longer_than, number
from geozones.domain.terms import terms
from geozones.domain.uncertainty import engine_label, interval_source
from geozones.ui import state
from geozones.ui.server.auth import actor
from geozones.ui.state.carte_views import TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, job_progress
from geozones.ui.widgets.option_fields import restore
from geozones.workspace.reachability import ENGINES
from geozones.workspace.reachability.matrix import (
    BuiltMatrix,
    Rebuild,
    account_of,
    start_rebuild,
    stop_rebuild,
    use_shipped,
)
from geozones.workspace.reachability.roads import RECIPE
from geozones.workspace.study import Study


@st.cache_resource(show_spinner=False)
def _work() -> dict[str, Rebuild]:
    """Return the build running in this server, if any: one at a time, for all sessions."""
    return {}


def provenance(study: Study) -> None:
    """Show the engines behind the matrix in use, and why another matrix is not used."""
    travel = study.territory.drives
    kind = "recalculées ici" if travel.is_built_here else "livrées avec les données"
    if travel.notice:
        html.show(html.error(travel.notice))
    rows = [
        (
            maker.label,
            long_date(maker.date),
            maker.profile,
            maker.source or "—",
            maker.licence or "—",
            number(count),
            number(guessed),
            interval_source(maker, given=study.times.low is not None),
        )
        for (maker, count), guessed in zip(
            study.times.pairs_by_maker, study.times.estimated_by_maker, strict=True
        )
        if count
    ]
    heads = (
        "Moteur",
        "Date",
        "Profil",
        "Source",
        "Licence",
        "Trajets",
        "Dont estimés",
        "Fourchette",
    )
    pairs = len(study.territory.lycees) * (len(study.territory.lycees) - 1)
    beyond = study.times.beyond_pairs
    missing = pairs - beyond - sum(count for _, count in study.times.pairs_by_maker)
    without = f", {number(beyond)} de {longer_than(study.times.within or 0)}" if beyond else ""
    without += f" et {number(missing)} sans accès" if missing else ""
    caption = (
        f"Durées utilisées, {kind} : {number(pairs)} trajets entre {terms().site.plural}, dont "
        f"{number(study.times.estimated_pairs)} estimés{without}"
    )
    html.show(html.table(caption, heads, rows, numeric=frozenset({5, 6}), stacks=True))


def configured(study: Study) -> None:
    """List the engines, the configured ones first, and where the others are configured."""
    order = study.territory.drives.settings.engines
    rows = []
    for kind in ENGINES:
        rank = str(order.index(kind.name) + 1) if kind.name in order else "—"
        rows.append((engine_label(kind.name), kind.about, rank, "oui" if kind.draws else "non"))
    rows.sort(key=lambda row: row[2].replace("—", "~"))
    heads = ("Moteur", "Description", "Rang d'essai", "Trace les routes")
    html.show(html.table("Moteurs et ordre d'essai", heads, rows, stacks=True))
    html.show(
        html.sources(
            "L'administrateur de l'outil règle l'ordre et les accès. Une clé ne s'écrit jamais ici."
        )
    )


def recipe() -> None:
    """List the commands from an extract of OpenStreetMap to a matrix in use."""
    html.show(html.subtitle("Des durées calculées sur OpenStreetMap"))
    rows = [(htpy.code[step.command], step.aim) for step in RECIPE]
    heads = ("Commande", "Effet")
    html.show(html.table("Pour l'administrateur, dans un terminal", heads, rows, stacks=True))


def rebuilding(study: Study) -> None:
    """Offer to rebuild the matrix; while a build runs, show its progress."""
    job = _work().get("now")
    if job is not None:
        stop = StopButton("Arrêter", "temps.arreter", lambda: _stop(job), asked="Arrêter")
        if job_progress(job, "Calcul de la matrice", stop, lambda: _progress(job)):
            return
        _finish(job, {key: lycee.label for key, lycee in study.atlas.lycees.items()})
        st.rerun()
    names = [kind.name for kind in ENGINES]
    settings = study.territory.drives.settings.engines
    chosen = state.bound(TravelView, "engines", default=settings).draw(
        st.multiselect,
        "Moteurs, dans l'ordre où les essayer",
        names,
        format_func=engine_label,
        placeholder="Choisir un moteur",
    )
    restore(
        "moteurs",
        listing([engine_label(name) for name in settings if name in names]),
        lambda: state.update(TravelView, engines=None),
        changed=chosen != tuple(name for name in settings if name in names),
    )
    state.bound(TravelView, "communes").draw(
        st.checkbox, "Calculer aussi les trajets vers les communes"
    )
    with st.container(horizontal=True):
        st.button(
            "Recalculer la matrice",
            icon=":material/refresh:",
            type="primary",
            key="temps.recalculer",
            on_click=_start,
            args=(study, chosen),
            disabled=not chosen,
        )
        if study.territory.drives.is_built_here:
            st.button(
                "Revenir à la matrice livrée",
                icon=":material/restart_alt:",
                key="temps.livree",
                on_click=_go_back,
                args=(study,),
            )


@state.reporting_errors()
def _start(study: Study, engines: Sequence[str]) -> None:
    state.clear_notice()
    if "now" in _work():
        return
    _work()["now"] = start_rebuild(
        study.territory.drives,
        actor(),
        list(engines),
        communes=state.of(TravelView).communes,
    )


@state.reporting_errors()
def _stop(job: Rebuild) -> None:
    stop_rebuild(job, actor())


@state.reporting_errors()
def _go_back(study: Study) -> None:
    use_shipped(study.territory.drives.settings, actor())
    state.notify("ok", "La matrice livrée est de nouveau en service.")


def _progress(job: Rebuild) -> None:
    pairs = job.progress
    done = (
        f"{number(pairs.done)} trajets sur {number(pairs.total)}" if pairs.total else "préparation"
    )
    step = "Arrêt demandé, fin de l'étape en cours" if job.is_cancelled else "Calcul en cours"
    st.progress(pairs.share, f"{step} : {done}")


def _finish(job: Rebuild, names: Mapping[str, str]) -> None:
    """Notify how a build ended, once; every session then draws with its matrix."""
    with state.uninterrupted():
        if _work().pop("now", None) is None:
            return
        if job.outcome is not None:
            state.notify("ok", _built_text(job.outcome, names))
        else:
            state.notify("error", f"{job.problem} La matrice en service n'a pas changé.")


def _built_text(built: BuiltMatrix, names: Mapping[str, str]) -> str:
    return f"Matrice recalculée : {' '.join(account_of(built, names))}"
