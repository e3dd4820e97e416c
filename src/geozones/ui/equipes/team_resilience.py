"""Resilience of posts: absences counted, years simulated; load and reach of the T.I.S."""

import htpy
import streamlit as st

from geozones.common.french import minutes, number, of, plural
from geozones.domain.cover import CoverFigures
from geozones.domain.settings import documented
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.teams.staff import CentreLoad, CoverDuty, Staff, Technicians

_COUNT, _SEED = 10_000, 2025
_NONE = "non renseigné"


def resilience_part(staff: Staff) -> None:
    """Show the figures of the area in view, then zone by zone, then simulated years."""
    view, plan = state.of(TeamView), staff.plan
    zones = [z.id for z in plan.zones if view.sector in {None, z.sector} and plan.members(z.id)]
    if view.zone is not None:
        shown, what = [view.zone], f"la zone {plan.zone(view.zone).name}"
    elif view.sector is not None:
        shown, what = zones, f"le secteur {plan.sector(view.sector).name}"
    else:
        shown, what = zones, terms().territory.the
    standing = staff.standing(shown)
    near = minutes(staff.study.settings.teams.near_minutes)
    site = terms().site
    html.show(
        html.note(
            f"Si quelqu'un est absent et que {site.its} ne peut plus attendre, un collègue de la "
            "zone vient-il vite ? Toutes les absences possibles sont comptées : ",
            htpy.strong["une personne à la fois"],
            ", puis ",
            htpy.strong["deux en même temps"],
            f". Toutes les demi-journées ont le même poids. U{site.a[1:]} est « sans "
            f"{terms().technician} » quand "
            "quelqu'un y était attendu et qu'il n'y a plus personne : nul n'est venu, ou le "
            f"collègue qui remplace l'a quitté. {replacing(staff)}",
        )
    )
    if standing.single is None:
        html.show(
            html.note(
                f"{_NONE.capitalize()} pour {what} : aucun poste n'y est défini. Demandez une "
                "proposition dans « Semaine »."
            )
        )
    else:
        counted, weak = st.columns([1.3, 1], gap="large")
        html.show(_figures(standing, what, near), counted)
        html.show(_effect(standing), weak)
    if view.zone is not None and standing.single is not None:
        _years(staff, view.zone)
    html.show(_by_zone(staff, zones, near))


def replacing(staff: Staff) -> str:
    """Return the sentence that says whether a T.I.S. comes when no colleague can."""
    if staff.study.settings.teams.tis_replaces:
        return worded(
            "Hypothèse actuelle : {a_sector_technician} vient quand aucun collègue ne peut venir."
        )
    return worded(
        "Les {sector_technicians} n'y remplacent personne "
        + documented(": le document ne le dit pas ")
        + "(menu Hypothèses)."
    )


def _figures(standing: CoverDuty, what: str, near: str) -> htpy.Element:
    """Return the figures over single absences beside the figures over pairs of absences."""
    both = (standing.single, standing.pairs)
    shown_figures = [figures for figures in both if figures is not None]
    rows = (
        ("Délai médian de relève", *(_delay(f.median) for f in shown_figures)),
        ("Neuf relèves sur dix en moins de", *(_delay(f.p90) for f in shown_figures)),
        (f"Relèves en moins de {near}", *(_share(f.near) for f in shown_figures)),
        ("Demi-journées manquées comptées", *(number(f.missed) for f in shown_figures)),
        (
            "… que personne ne couvre",
            *("—" if f is standing.single else number(f.uncovered) for f in shown_figures),
        ),
        (
            worded("Demi-journées {of_a_site} sans {technician}"),
            *(number(f.empty) for f in shown_figures),
        ),
    )
    heads = ("Chiffre", "Une absence", "Deux absences en même temps")
    posts = sum(len(cover.posts) for cover in standing.covers.values())
    caption = f"Résistance aux absences {of(what)}, {plural(posts, 'poste')}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2}), stacks=True)


def _delay(value: float | None) -> str:
    if value is None:
        return "—"
    return "personne" if value == float("inf") else minutes(value)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{number(100 * value)} %"


def _effect(standing: CoverDuty) -> htpy.Renderable:
    """Return what a single absence leaves without anyone, and the needs that no post meets."""
    unmet = sum(cover.unmet for cover in standing.covers.values())
    empty = sum(sum(cover.empty.values()) for cover in standing.covers.values())
    sentences = []
    if unmet:
        sentences.append(f"{plural(unmet, 'demi-journée')} de besoin sans aucun poste.")
    if empty:
        sentences.append(
            f"{plural(empty, 'demi-journée')} par semaine {terms().site.of_a} sans "
            f"{terms().technician}, toutes absences comptées une à une."
        )
    if not sentences:
        good = worded("Quel que soit l'absent, {no_site} n'est sans {technician}.")
        return html.bullets([good], "gz-solved")
    heading = html.subtitle("Effet d'une absence", heading=htpy.h3)
    return htpy.fragment[heading, html.bullets(sentences, "gz-alerts")]


def _by_zone(staff: Staff, zones: list[str], near: str) -> htpy.Element:
    rows: list[tuple[str, ...]] = []
    for zone in zones:
        standing = staff.standing([zone])
        name = staff.plan.zone(zone).name
        one, two = standing.single, standing.pairs
        if one is None or two is None:
            rows.append((name, _NONE, "—", "—", "—", "—", "—"))
            continue
        rows.append((name, *_zone_cells(standing, one, two)))
    heads = (
        "Zone", "Postes", "Délai médian", "9 sur 10", f"Moins de {near}",
        worded("Sans {technician}"), "… à deux absences",
    )  # fmt: skip
    caption = "Zone par zone (une absence à la fois, sauf mention)"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, 7)), stacks=True)


def _zone_cells(standing: CoverDuty, one: CoverFigures, two: CoverFigures) -> tuple[str, ...]:
    (cover,) = standing.covers.values()
    return (
        str(len(cover.posts)),
        _delay(one.median),
        _delay(one.p90),
        _share(one.near),
        number(one.empty),
        number(two.empty),
    )


@html.showing_errors()
def _years(staff: Staff, zone: str) -> None:
    """Simulate years on request, because it takes a moment."""
    settings = staff.study.settings.teams
    wanted = state.bound(TeamView, "years").draw(
        st.toggle,
        f"Simuler {number(_COUNT)} années scolaires",
        help="Tire au sort des absences de plusieurs jours, et tient compte du plafond mensuel.",
    )
    if not wanted:
        return
    year = staff.simulate(zone, _COUNT, _SEED)
    figures, service = year.cover, year.service
    rows = (
        ("Demi-journées manquées par an", number(service.missed, 1)),
        ("… données par un collègue disponible", number(service.given_free, 1)),
        *(
            [
                (
                    worded("… données par {a_sector_technician} (hypothèse)"),
                    number(service.given_by_tis, 1),
                )
            ]
            if settings.tis_replaces
            else []
        ),
        ("… à effectif réduit", number(service.reduced, 1)),
        (worded("… sans {technician}"), number(service.unattended, 1)),
        (worded("Déplacées, {of_a_site} où un collègue reste"), number(service.displaced, 1)),
        (
            f"Ruptures (plus de {plural(settings.gap_days, 'jour')} sans personne)",
            f"{number(year.rupture.mean, 2)} ± {number(2 * year.rupture.standard_error, 2)}",
        ),
        ("Ruptures, une mauvaise année sur dix", f"{number(year.rupture.p90)} ou plus"),
        ("Délai médian", _delay(figures.median)),
        ("Neuf relèves sur dix en moins de", _delay(figures.p90)),
    )
    rate, days = number(100 * settings.absence_rate), number(settings.absence_days)
    text = (
        f"{number(year.years)} années tirées au sort (graine {year.seed}) : {rate} % d'absence, "
        f"{days} jours en moyenne, {settings.monthly_cap} interventions par personne et par mois"
    )
    html.show(html.card(htpy.h3["Une année scolaire"], html.facts(rows), html.sources(f"{text}.")))


#: Words of the source document, shown where the data folder has what it quotes.
_QUOTED = (
    "Le document : « interventions à distance ou sur site, à l'échelle d'un secteur », « de Niveau "
    "2 et 3 », et « un appui auprès des T.I.P ». "
)


def technicians_part(staff: Staff) -> None:
    """Show the T.I.S. of the sector in view, or of each."""
    view = state.of(TeamView)
    settings = staff.study.settings.teams
    html.show(
        html.note(
            f"{_QUOTED if staff.study.atlas.organisation else ''}Hypothèses de l'outil, pour "
            f"compter la route : un départ {terms().support_centre.of_the}, "
            f"{number(settings.tis_visits)} visites par {terms().site} et par mois, de "
            f"{minutes(settings.tis_minutes)} sur place (menu Hypothèses). Ce qui se fait à "
            "distance n'y est pas compté."
        )
    )
    sectors = [view.sector] if view.sector else [sector.id for sector in staff.plan.sectors]
    html.show(html.hidden_title("Par secteur"))
    for sector in sectors:
        if len(sectors) == 1:
            html.show(_card(staff, sector))
        else:
            label = html.unmarked(f"Secteur {staff.plan.sector(sector).name}")
            with st.expander(label):
                html.show(_card(staff, sector))


def _card(staff: Staff, sector: str) -> htpy.Element:
    technicians = staff.technicians(sector)
    entry = staff.plan.sector(sector)
    status = staff.study.decisions.sector(sector)
    tis = terms().sector_technician
    planned = plural(technicians.planned, f"{tis} prévu{tis.e}", f"{tis.plural} prévu{tis.e}s")
    if technicians.best is None:
        return html.note(worded("Ce secteur a moins de deux {sites} : aucun trajet à compter."))
    unpublished = html.caveat(
        worded(
            "{Support_centre} non publié{e_support_centre} : la charge est calculée depuis "
            "{the_site} qui donne le moins de route."
        )
    )
    shown = technicians.centre or technicians.best
    return html.card(
        html.kicker("Secteur ", html.pill(status), f" · {planned} par le calendrier"),
        htpy.h3[entry.name],
        unpublished if technicians.centre is None else None,
        html.facts(_load(staff, shown)),
        html.bullets(_sentences(staff, technicians, shown), "gz-steps"),
    )


def _load(staff: Staff, load: CentreLoad) -> list[tuple[str, str]]:
    near = [f"{number(100 * share)} %" for share in load.near]
    return [
        ("Départ", staff.study.name(load.centre)),
        ("Trajet moyen", minutes(load.mean)),
        (
            worded("{Site} {article_site} plus loin"),
            f"{staff.study.name(load.farthest)}, {minutes(load.worst)}",
        ),
        (worded("{Sites} à moins de 30, 45, 60 min"), ", ".join(near)),
        ("Travail par semaine", f"{number(load.week_minutes / 60, 1)} h"),
        ("… dont sur la route", f"{number(load.drive_minutes / 60, 1)} h"),
        (worded("Charge avec {a_sector_technician}"), _percent(load.loads[0])),
        (worded("Charge avec deux {sector_technicians}"), _percent(load.loads[1])),
    ]


def _percent(load: float) -> str:
    tis = terms().sector_technician
    over = f" : charge trop forte pour un{tis.e} seul{tis.e} {tis}" if load > 1 else ""
    return f"{number(100 * load)} % du temps{over}"


def _sentences(staff: Staff, technicians: Technicians, shown: CentreLoad) -> list[str]:
    name = staff.study.name
    sentences = []
    if technicians.best is not None and technicians.best.centre != shown.centre:
        saved = (shown.drive_minutes - technicians.best.drive_minutes) / 60
        sentences.append(
            f"Le meilleur départ serait {name(technicians.best.centre)} : {number(saved, 1)} h "
            f"de route de moins par semaine, trajet moyen {minutes(technicians.best.mean)}."
        )
    else:
        sentences.append(worded("Aucun{e_site} autre {site} du secteur ne donne moins de route."))
    if technicians.second is not None:
        lycee, after, before = technicians.second
        it = terms().sector_technician.agreeing("il", "elle")
        sentences.append(
            f"U{_second_one()[1:]} partant du même lieu divise la charge par deux ; partant de "
            f"{name(lycee)}, {it} ramène aussi le trajet moyen de {minutes(before)} à "
            f"{minutes(after)}."
        )
    sentences.append(
        _second(
            technicians.with_one, technicians.with_two, published=technicians.centre is not None
        )
    )
    return sentences


def _second_one() -> str:
    tis = terms().sector_technician
    return f"un{tis.e} second{tis.e} {tis}"


def _second(one: CoverDuty | None, two: CoverDuty | None, *, published: bool) -> str:
    if one is None or two is None:
        return worded(
            "Remplacer {a_proximity_technician} absent{e_proximity_technician} "
            + documented("n'est pas dans le document : ", "n'est pas prévu : ")
            + "l'hypothèse est désactivée (menu Hypothèses)."
        )
    if one.pairs is None or two.pairs is None:
        return (
            f"Effet d'{_second_one()} sur les absences : non renseigné, aucun poste n'est défini."
        )
    if not published:
        centre = terms().support_centre
        return (
            f"Effet d'{_second_one()} sur les absences : non renseigné, {centre} non "
            f"publié{centre.e}."
        )
    tis = terms().sector_technician
    return (
        f"Par hypothèse, {tis.a} remplace un absent. Deux absences en même temps dans le "
        "secteur : "
        f"{number(one.pairs.uncovered)} demi-journées que personne ne couvre avec {tis.a}, "
        f"{number(two.pairs.uncovered)} avec deux (sur {number(one.pairs.missed)})."
    )
