"""Time of day of the drives: chosen once, applied everywhere, shown beside every figure."""

import streamlit as st

from geozones.common.french import number
from geozones.domain.peak import Moment, PeakArea, PeakFactors, PeakProfile
from geozones.export.text import typeset
from geozones.ui import state
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.restore import restore
from geozones.workspace.analysis import PEAK_FACTOR_RANGE
from geozones.workspace.study import Study

_STEP, _FACTOR = 0.05, 1.0
_RULE = (
    "La durée d'un trajet s'allonge selon les agglomérations de ses deux bouts. À chaque bout, la "
    "moitié du trajet, 15 minutes au plus, est multipliée par le facteur de l'agglomération. Un "
    "trajet à l'intérieur d'une ville l'est en entier ; le reste suit « ailleurs ». Les seuils ne "
    "changent pas."
)


def choose_moment() -> None:
    """Let the user choose the time of day of the drives."""
    state.bound(HypothesesView, "moment").draw(
        st.segmented_control,
        "Durées de trajet",
        list(Moment),
        format_func=lambda moment: moment.label.capitalize(),
        required=True,
        help="S'applique à toutes les pages et à tous les chiffres de cette session.",
    )
    restore(
        "moment",
        Moment.OFF_PEAK.label,
        lambda: state.update(HypothesesView, moment=Moment.OFF_PEAK),
        changed=state.of(HypothesesView).moment is not Moment.OFF_PEAK,
    )


def peak_profile(study: Study) -> None:
    """Show the measured factors by place, and the expert's own factor."""
    html.show(html.subtitle("Heures de pointe par lieu, et réglage expert"))
    choose_moment()
    _factors(study)
    _slider()


def _factors(study: Study) -> None:
    profile = study.atlas.peak
    if profile == PeakProfile():
        html.show(
            html.note("Ces données n'ont pas de facteurs par lieu : durées égales à toute heure.")
        )
        return
    places = [
        *((_named(area), area.factors) for area in profile.areas),
        ("Ailleurs", profile.elsewhere),
    ]
    html.show(
        html.table(
            "Durées par rapport aux heures creuses",
            ("Lieu", "Matin", "Soir", "Origine"),
            [_row(name, factors) for name, factors in places],
            numeric=frozenset({1, 2}),
        )
    )
    sentences = [
        typeset(f"{name.partition(' (')[0]} : {factors.source}")
        for name, factors in places
        if factors.source
    ]
    html.show(html.bullets(sentences, "gz-steps"))
    html.show(html.note(_RULE))


def _named(area: PeakArea) -> str:
    names = [name for name, _ in area.towns]
    return area.name if len(names) == 1 else f"{area.name} ({', '.join(names)})"


def _row(name: str, factors: PeakFactors) -> tuple[str, ...]:
    return (
        name,
        f"×\u00a0{number(factors.morning, 2)}",
        f"×\u00a0{number(factors.evening, 2)}",
        "mesuré" if factors.measured else "hypothèse",
    )


def _slider() -> None:
    low, high = PEAK_FACTOR_RANGE
    steps = [round(low + rank * _STEP, 2) for rank in range(round((high - low) / _STEP) + 1)]
    state.bound(HypothesesView, "peak_factor").draw(
        st.select_slider,
        "Réglage expert : toutes les durées sont multipliées par",
        steps,
        format_func=lambda factor: number(factor, 2),
        help="En plus du moment choisi, partout de la même façon. 1 : les durées telles quelles.",
    )
    restore(
        "pointe",
        number(_FACTOR),
        lambda: state.update(HypothesesView, peak_factor=_FACTOR),
        changed=state.of(HypothesesView).peak_factor != _FACTOR,
    )
