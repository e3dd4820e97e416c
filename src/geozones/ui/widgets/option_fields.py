"""Widgets of options, made from their description; hypotheses, typed or retained."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import Any

import streamlit as st

from geozones.common.french import number
from geozones.domain import Plan
from geozones.domain.proposal_conditions import Option, option_fields
from geozones.domain.settings import HYPOTHESIS_BOUNDS, Settings
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.state.store import ViewRecord
from geozones.ui.widgets import html
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.history_text import DRIVES, retained_hypotheses

#: Hypotheses without a field of their own on « Année »: earlier versions retained the last three.
OTHERS = ("absence_days", "tis_visits", "tis_minutes", DRIVES)
#: Key of the button that gives a hypothesis its value back, before its name.
BACK = "retenu-rendre-"


def usual_settings() -> Settings:
    """Return the settings of the scenario in a session where nobody typed another value."""
    return current_scenario.current().state.adopted.applied_to(default_analysis().settings)


def retained() -> Mapping[str, str]:
    """Return what the scenario retains, in words, by the name of the hypothesis."""
    return retained_hypotheses(current_scenario.study().territory, current_scenario.current())


def retained_lines(*names: str) -> None:
    """Show those of some hypotheses that the scenario retains, each with its way back."""
    held = retained()
    for name in names:
        if name not in held:
            continue
        text_side, back = st.columns([3, 1.3], vertical_alignment="center")
        html.show(html.remark(held[name]), text_side)
        back.button(
            "Ne plus retenir",
            key=BACK + name,
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_give_back,
            args=(name,),
        )


def _give_back(name: str) -> None:
    done = "L'hypothèse de l'outil est rétablie."
    if name == DRIVES:
        current_scenario.record("correct_drives", {"groups": []}, done=done)
    else:
        data: dict[str, object] = {"hypothesis": name, "observed": None}
        current_scenario.record("adopt_hypothesis", data, done=done)


#: Stands for ``None`` among the options, because Streamlit takes ``None`` for no choice at all.
_ALL = ""


def distinct[T](names: Mapping[T, str]) -> dict[T, str]:
    """Return the names with a number after duplicates.

    The browser identifies a choice by its name: of two equal names, it would take the last.
    """
    count, seen = Counter(names.values()), Counter[str]()
    shown, taken = {}, set(names.values())
    for key, name in names.items():
        shown[key] = name
        while count[name] > 1:
            seen[name] += 1
            shown[key] = f"{name} ({seen[name]})"
            if shown[key] not in taken:
                break
        taken.add(shown[key])
    return shown


def filter_by[T](label: str, names: Mapping[T, str], bound: state.BoundValue[T]) -> None:
    """Draw a list that filters another; its first name, which filters nothing, is its title."""
    chooser(label, names, bound, label_visibility="collapsed")


def filter_by_sector(plan: Plan, bound: state.BoundValue[str | None]) -> None:
    """Draw the list of sectors, and the whole territory, that filters another list."""
    sectors = {sector.id: sector.name for sector in plan.sectors}
    filter_by("Secteur", {None: worded("{Whole_territory}"), **sectors}, bound)


def _name(names: Mapping[Any, str], key: Any) -> str:  # noqa: ANN401 - a key of the names
    return names.get(key, str(key))


def chooser[T](
    label: str,
    names: Mapping[T, str],
    bound: state.BoundValue[T],
    widget: Callable[..., Any] = st.selectbox,
    **options: Any,  # noqa: ANN401 - options of st.selectbox
) -> T:
    """Draw the list of ``names`` with the current value chosen; return that value.

    ``options`` are the options of ``st.selectbox``. With a ``placeholder``, the choice may be empty
    (``None``); without, the first name stands in for a value that is not in the list. ``None`` may
    be one of the names, as « Toute la région »: it is then an ordinary choice, which cannot be
    cleared.
    """
    shown: dict[Any, str] = {_ALL if key is None else key: names[key] for key in names}
    shown = distinct(shown)
    if None not in names:
        # a text typed into a list that accepts it is its own name
        named = partial(_name, shown)
        return bound.draw(widget, label, list(shown), format_func=named, **options)

    def write(choice: Any) -> None:  # noqa: ANN401 - a key of the names
        bound.write(None if choice == _ALL else choice)  # type: ignore[arg-type]

    value: Any = _ALL if bound.value is None else bound.value
    tied = state.BoundValue(bound.key, value, write)
    chosen = tied.draw(widget, label, list(shown), format_func=shown.__getitem__, **options)
    nothing: Any = None
    return nothing if chosen == _ALL else chosen  # type: ignore[no-any-return]


def option_of(view: type[ViewRecord], field: str) -> Option:
    """Return the option of a field of a view."""
    return option_fields(view)[field].option


def steps_field(view: type[ViewRecord], field: str) -> None:
    """Draw the slider of the offered values of an option, and of ``None`` where it has a name."""
    option = option_of(view, field)
    values = [*option.offered, *([None] if option.unset else [])]
    state.bound(view, field).draw(st.select_slider, option.label, values, format_func=option.shown)


def range_field(view: type[ViewRecord], least: str, most: str) -> None:
    """Draw the slider of two bounds; its greatest value means no upper bound, if that has a name.

    ``least`` and ``most`` are the fields of the bounds. The first gives the label and the offered
    values.
    """
    low, unset = option_of(view, least), option_of(view, most).unset
    start, top = low.offered[0], low.offered[-1]
    held = getattr(state.of(view), least), getattr(state.of(view), most)

    def write(chosen: tuple[float, float]) -> None:
        high = None if unset and chosen[1] == top else chosen[1]
        state.update(view, **{least: chosen[0], most: high})

    shown = (start if held[0] is None else held[0], top if held[1] is None else held[1])
    label = f"{low.label} ({number(top)} : {unset})" if unset else low.label
    step = low.offered[1] - start
    bound = state.BoundValue(f"{view.__name__}.{least}", shown, write)
    bound.draw(st.slider, label, start, top, step=step)


def several_field(view: type[ViewRecord], field: str, names: Mapping[str, str]) -> None:
    """Draw a choice of several items; items that no longer exist are dropped."""
    option = option_of(view, field)
    bound = state.bound(view, field)
    chooser(option.label, names, bound, st.multiselect, placeholder=option.unset)


def restore(key: str, default: str, act: Callable[[], object], *, changed: bool) -> None:
    """Offer to restore a changed setting to its default, which the button names.

    Its container is always there, so that the elements below do not move.
    """

    def back() -> None:
        act()

    with st.container():
        if changed:
            st.button(
                f"Rétablir : {default}",
                key=f"retablir.{key}",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=back,
            )


_KEY = "cout.hypothese."
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Field:
    """Input field of a hypothesis of `CostSettings`: label, for `worded`, source of the default."""

    name: str
    label: str
    source: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value."""
        return HYPOTHESIS_BOUNDS[self.name]


_FIELDS = (
    Field(
        "visits_per_month",
        "Visites de continuité, par {proximity_technician}, par autre {site} de sa zone et "
        "par mois",
        "Hypothèse de l'outil : une visite par mois, à ajuster.",
    ),
    Field(
        "euros_per_km",
        "Indemnité kilométrique (euros par km)",
        "Arrêté du 3 juillet 2006 modifié le 14 mars 2022 : 5 CV au plus, jusqu'à 2 000 km par an.",
    ),
)


def cost_hypotheses(study: Study) -> None:
    """Let the user change the hypotheses of the road for this session."""
    for field in _FIELDS:
        value = _shown(getattr(study.settings.cost, field.name))
        default = _shown(getattr(default_analysis().settings.cost, field.name))
        usual = _shown(getattr(usual_settings().cost, field.name))
        value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
        state.bound(
            HypothesesView, "typed", item=field.name, default=value, then=partial(_type, field)
        ).draw(value_side.text_input, worded(field.label), max_chars=20)
        typed = state.of(HypothesesView).typed.get(field.name, value)
        with back_side:
            back = partial(_type, field, default)
            restore(_KEY + field.name, usual, back, changed=typed != usual)
        wrong = _wrong(field, typed)
        said = f"{wrong} La valeur reste {value}."
        problem = html.error(said, data_field=field.name) if wrong else None
        html.show(html.stack(html.sources(field.source), problem))
        retained_lines(field.name)


def _shown(value: float) -> str:
    """Format a number as a user types it, without trailing zeros."""
    return number(value, _DIGITS).rstrip("0").rstrip(",")


def _type(field: Field, text: str) -> None:
    """Keep the typed text; if it is valid, apply it."""
    value = _read(text)
    known = value is not None and field.bounds[0] <= value <= field.bounds[1]
    held = state.of(HypothesesView).typed
    if not known or value is None:
        state.update(HypothesesView, typed={**held, field.name: text})
        return
    state.drop_item(HypothesesView, "typed", item=field.name)
    now = state.of(HypothesesView).cost or default_analysis().settings.cost
    state.update(HypothesesView, cost=replace(now, **{field.name: round(value, _DIGITS)}))


def _read(text: str) -> float | None:
    """Read a number with a decimal comma or point; ``None`` if the text is not a number."""
    plain = "".join(text.split()).replace(",", ".").replace("\u2212", "-")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in plain else None


def _wrong(field: Field, text: str) -> str:
    """Return one sentence on why the text is not valid; "" if it is."""
    value = _read(text)
    if value is None:
        return f"« {text} » n'est pas un nombre." if text.strip() else "Il manque un nombre."
    low, high = field.bounds
    if not low <= value <= high:
        return f"{text} est hors bornes : entre {_shown(low)} et {_shown(high)}."
    return ""
