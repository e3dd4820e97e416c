"""Hypotheses compared with the journal, and the buttons that adopt or revert each."""

import htpy
import streamlit as st

from geozones.ui import current_scenario
from geozones.ui.widgets import html
from geozones.workspace.experiment.hypotheses import HypothesisRow


def invented_mark(*, invented: bool) -> htpy.Node:
    """Return the mark after a title about an invented journal."""
    return (
        htpy.fragment[" ", htpy.span(".gz-pill.gz-changed")["journal inventé"]]
        if invented
        else None
    )


def hypotheses_panel(rows: tuple[HypothesisRow, ...], *, invented: bool) -> None:
    """Show the hypotheses that the journal may replace, each with its buttons; then the others."""
    mark = invented_mark(invented=invented)
    html.show(html.subtitle("Hypothèses, d'après le journal", mark))
    html.show(
        html.note(
            "Adopter une valeur observée change ce scénario, et lui seul\u00a0: les coûts et les "
            "propositions la suivent. C'est une étape de son historique, qui s'annule. "
            "Les valeurs sont celles de tout le journal."
        )
    )
    for row in rows:
        if row.event is not None or row.adopted or _is_ours(row):
            _row(row)
    others = [row for row in rows if not _is_ours(row)]
    with st.expander("Les autres hypothèses", key="bilan.autres"):
        html.show(_table(others))


def _is_ours(row: HypothesisRow) -> bool:
    """Tell whether a journal with enough observations can correct the hypothesis."""
    return not row.why_not.startswith("un choix")


def _row(row: HypothesisRow) -> None:
    text_side, adopt, back = st.columns([3, 1, 1.3], vertical_alignment="center")
    detail = [f"Supposé : {row.supposed}"]
    if row.observed:
        detail.append(f"observé : {row.observed}, {row.counted}")
    if row.why_not:
        detail.append(row.why_not)
    text = " ; ".join(part.rstrip(".") for part in detail)
    held = htpy.span(".gz-pill.gz-changed")[f"adopté : {row.adopted}"] if row.adopted else None
    html.show(
        html.stack(htpy.div[htpy.strong[row.label], " ", held], html.remark(f"{text}.")), text_side
    )
    adopt.button(
        "Adopter",
        key=f"bilan.adopter.{row.name}",
        icon=":material/check:",
        disabled=row.event is None,
        help=row.why_not or None,
        on_click=_adopt,
        args=(row,),
    )
    if row.adopted:
        back.button(
            "Rétablir la valeur de l'outil",
            key=f"bilan.rendre.{row.name}",
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_give_back,
            args=(row,),
        )


def _adopt(row: HypothesisRow) -> None:
    if row.event is None:
        return
    kind, data = row.event
    done = f"{row.label} : {row.observed}, adopté dans ce scénario."
    current_scenario.record(kind, dict(data), "bilan de l'expérimentation", done=done)


def _give_back(row: HypothesisRow) -> None:
    done = f"{row.label} : valeur de l'outil rétablie."
    if row.name == "drives":
        current_scenario.record("correct_drives", {"groups": []}, done=done)
    else:
        data: dict[str, object] = {"hypothesis": row.name, "observed": None}
        current_scenario.record("adopt_hypothesis", data, done=done)


def _table(rows: list[HypothesisRow]) -> htpy.Element:
    cells = [
        (row.label, row.supposed, f"{row.observed} {row.counted}".strip() or "—", row.why_not)
        for row in rows
    ]
    heads = ("Hypothèse", "Valeur actuelle", "Observé", "Pourquoi")
    return html.table("Hypothèses que le journal ne corrige pas", heads, cells)
