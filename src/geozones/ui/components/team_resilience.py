"""What the posts of a zone, a sector or the region stand: absences counted, and years simulated."""

from html import escape

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.cover import CoverFigures
from geozones.domain.french import minutes, number, plural
from geozones.ui import state
from geozones.ui.components import html
from geozones.workspace import Staff, Standing

_YEARS, _COUNT, _SEED = "equipes.annees", 10_000, 2025
_NONE = "non renseigné"


def resilience_part(staff: Staff) -> None:
    """Show the figures of what is in view, then zone by zone, then simulated years."""
    view, plan = state.team_view(), staff.plan
    zones = [z.id for z in plan.zones if view.sector in {None, z.sector} and plan.members(z.id)]
    if view.zone is not None:
        shown, what = [view.zone], f"la zone {plan.zone(view.zone).name}"
    elif view.sector is not None:
        shown, what = zones, f"le secteur {plan.sector(view.sector).name}"
    else:
        shown, what = zones, "la région"
    standing = staff.standing(shown)
    near = minutes(staff.workspace.settings.teams.near_minutes)
    note = staff.workspace.peak_note
    st.html(
        "<p class='gz-hint'>Si quelqu'un est absent, un collègue de la zone vient-il vite ? Toutes "
        "les absences possibles sont comptées : <strong>une personne à la fois</strong>, puis "
        "<strong>deux en même temps</strong>. Chaque demi-journée manquée compte pareil.</p>"
    )
    if standing.single is None:
        st.html(
            html.note(
                f"{_NONE.capitalize()} pour {what} : aucun poste n'y est défini. Demandez une "
                "proposition dans « 2. Postes et semaine »."
            )
        )
    else:
        counted, weak = st.columns([1.3, 1], gap="large")
        counted.html(_figures(standing, what, near, note))
        weak.html(_points(standing))
    if view.zone is not None and standing.single is not None:
        _years(staff, view.zone)
    st.html(_by_zone(staff, zones, near))


def _figures(standing: Standing, what: str, near: str, note: str) -> str:
    """Return the figures over single absences beside those over pairs."""
    both = (standing.single, standing.pairs)
    found = [figures for figures in both if figures is not None]
    rows = (
        (f"Délai médian de relève{note}", *(_delay(f.median) for f in found)),
        (f"Neuf relèves sur dix en moins de{note}", *(_delay(f.p90) for f in found)),
        (f"Relèves en moins de {near}", *(_share(f.near) for f in found)),
        ("Demi-journées manquées comptées", *(number(f.missed) for f in found)),
        ("… dont sans personne", *(number(f.uncovered) for f in found)),
    )
    heads = ("Chiffre", "Une absence", "Deux absences en même temps")
    posts = sum(len(cover.posts) for cover in standing.covers.values())
    caption = f"Ce que tiennent les {plural(posts, 'poste')} pour {what}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2}))


def _delay(value: float | None) -> str:
    if value is None:
        return "—"
    return "personne" if value == float("inf") else minutes(value)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{number(100 * value)} %"


def _points(standing: Standing) -> str:
    points = [point for cover in standing.covers.values() for point in cover.single_points]
    unmet = sum(cover.unmet for cover in standing.covers.values())
    said = []
    if unmet:
        said.append(f"{plural(unmet, 'demi-journée')} de besoin sans aucun poste.")
    said += [
        f"{point} : absent, aucun collègue ne peut couvrir toute sa semaine." for point in points
    ]
    if said:
        return f"<h3 class='gz-subtitle'>Points de fragilité</h3>{html.bullets(said, 'gz-alerts')}"
    good = "Aucun point de fragilité : chaque poste absent est couvert par la zone."
    return html.bullets([good], "gz-solved")


def _by_zone(staff: Staff, zones: list[str], near: str) -> str:
    rows: list[tuple[str, ...]] = []
    for zone in zones:
        standing = staff.standing([zone])
        name = staff.plan.zone(zone).name
        one, two = standing.single, standing.pairs
        if one is None or two is None:
            rows.append((name, _NONE, "—", "—", "—", "—", "—", "—"))
            continue
        rows.append((name, *_zone_cells(standing, one, two)))
    heads = (
        "Zone", "Postes", "Délai médian", "9 sur 10", f"Moins de {near}", "Sans personne",
        "… à deux absences", "Points de fragilité",
    )  # fmt: skip
    caption = "Zone par zone (une absence à la fois, sauf mention)"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3, 4, 5, 6}))


def _zone_cells(standing: Standing, one: CoverFigures, two: CoverFigures) -> tuple[str, ...]:
    (cover,) = standing.covers.values()
    points = ", ".join(point.split(" – zone ")[0] for point in cover.single_points)
    return (
        str(len(cover.posts)),
        _delay(one.median),
        _delay(one.p90),
        _share(one.near),
        number(one.uncovered),
        number(two.uncovered),
        points or "aucun",
    )


def _years(staff: Staff, zone: str) -> None:
    """Simulate years when asked: it takes a moment."""
    settings = staff.workspace.settings.teams
    state.put(_YEARS, state.team_view().years)
    st.toggle(
        f"Simuler {number(_COUNT)} années scolaires",
        key=_YEARS,
        on_change=lambda: state.set_team_view(years=bool(state.widget(_YEARS))),
        help="Tire au sort des absences de plusieurs jours, et tient compte du plafond mensuel.",
    )
    if not state.team_view().years:
        return
    try:
        year = staff.simulate(zone, _COUNT, _SEED)
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    mean, spread, p90 = year.uncovered
    figures = year.cover
    rows = (
        ("Demi-journées manquées par an", number(year.missed, 1)),
        ("… couvertes par un T.I.S.", number(year.by_tis, 1)),
        ("… sans personne", f"{number(mean, 2)} ± {number(2 * spread, 2)}"),
        ("… sans personne, une mauvaise année sur dix", f"{number(p90)} ou plus"),
        ("Délai médian", _delay(figures.median)),
        ("Neuf relèves sur dix en moins de", _delay(figures.p90)),
    )
    rate, days = number(100 * settings.absence_rate), number(settings.absence_days)
    said = (
        f"{number(year.years)} années tirées au sort (graine {year.seed}) : {rate} % d'absence, "
        f"{days} jours en moyenne, {settings.monthly_cap} interventions par personne et par mois"
    )
    st.html(
        f'<article class="gz-card"><h3>Une année scolaire</h3>{html.facts(rows)}'
        f'<p class="gz-sources">{escape(said)}.</p></article>'
    )
