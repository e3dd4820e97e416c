"""Mode « proposer »: form, search, the best plan found, its groups of moves, best centres."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

import htpy
import streamlit as st

from geozones.common.french import listing, number, of, plural
from geozones.domain import DecisionStatus, Plan, Sector
from geozones.domain.proposal_conditions import ONE_PIECE, ProofStatus, rule_label
from geozones.domain.settings import decided_value
from geozones.domain.terms import has_organisation, terms, worded
from geozones.effect import Effect
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric import HOURS, MetricPlace
from geozones.metrics.metric_changes import compare, scope_of
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui import current_scenario, state
from geozones.ui.carte.shown import Screen
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.carte_views import CentresView, Demand, MadeMove, MoveView, ProposalView
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.ui.widgets.option_fields import (
    chooser,
    option_of,
    range_field,
    several_field,
    steps_field,
)
from geozones.ui.widgets.panel import change_lines, narrow_change_table
from geozones.workspace.figures.plan_comparison import plan_change, rate_origin
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.centres import BestCentre, BestCentres, centres_job
from geozones.workspace.proposals.packages import (
    PlanProposal,
    ProposedPackage,
    SortedPackages,
    needed_first,
    obstacle,
    package_now,
)
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.search import (
    FoundPlans,
    PlanJob,
    PlanRequest,
    Point,
    plan_job,
    points_of,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import search_options
from geozones.workspace.teams import post_sentences

if TYPE_CHECKING:
    from geozones.workspace.proposals.search import Frontier


def demand_form(screen: Screen) -> None:
    """Draw the form: where, how many moves, the rate, more conditions, the button that searches."""
    names = {sector.id: sector.name for sector in screen.work.plan.sectors}
    with st.container(key="gz-demand"):
        several_field(Demand, "sectors", names)
        count, more = st.columns([1.1, 1.3], gap="small", vertical_alignment="bottom")
        with count:
            option = option_of(Demand, "max_moves")
            values = [*map(int, option.offered), None]
            shown = {value: option.shown(value) for value in values}
            chooser(option.label, shown, state.bound(Demand, "max_moves"))
        with more.popover("Plus de conditions", width="stretch"):
            _more_conditions(screen)
        rate = screen.study.settings.cost.absence_weight
        state.BoundValue("propositions.taux", rate, _try_rate).draw(
            st.select_slider,
            worded("Une heure sans {technician} vaut (heures de route)"),
            sorted({*_RATES, rate, decided_value("absence_weight")}),
            format_func=rate_text,
        )
        html.show(html.note(f"{rate_origin(rate)}."))
        lifted = [f"« {rule_label(rule)} »" for rule in state.of(Demand).without]
        if lifted:
            rules = "Règle levée" if len(lifted) == 1 else "Règles levées"
            html.show(html.note(f"{rules} : {listing(lifted)}."))
            st.button(
                "Rétablir les règles",
                icon=":material/lock:",
                type="tertiary",
                key="propositions.retablir",
                on_click=state.changing(Demand, without=()),
            )
        st.button(
            "Chercher les meilleurs déplacements",
            type="primary",
            icon=":material/search:",
            key="propositions.chercher",
            disabled=screen.job is not None and screen.job.is_running,
            on_click=search_now,
            width="stretch",
        )


def _try_rate(rate: float) -> None:
    now = state.of(HypothesesView).cost or default_analysis().settings.cost
    state.update(HypothesesView, cost=replace(now, absence_weight=rate))


def _more_conditions(screen: Screen) -> None:
    plan = screen.work.plan
    scope = state.of(Demand).sectors or tuple(sector.id for sector in plan.sectors)
    lycees = {key: screen.study.name(key) for sector in scope for key in plan.lycees_of(sector)}
    range_field(Demand, "size_min", "size_max")
    steps_field(Demand, "max_minutes")
    several_field(Demand, "locked_lycees", lycees)
    state.bound(Demand, "change_sector").draw(st.toggle, option_of(Demand, "change_sector").label)

    def ask_centres() -> None:
        begin_job(CentresView, lambda: centres_job(plan_request()))

    if has_organisation():
        st.button(
            worded(_BEST),
            icon=":material/home_work:",
            key="propositions.centres",
            on_click=ask_centres,
            width="stretch",
        )
    locks = len(screen.work.state.locks.reasons)
    if locks:
        html.show(html.note(f"{plural(locks, 'verrou')} du scénario : respectés."))


#: Rates of exchange offered, in hours of road.
_RATES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def plan_request(*, required: bool = False) -> PlanRequest:
    """Return the request of a search on the plan of the session's scenario, as the form asks."""
    study = current_scenario.study()
    asked = search_options(study, state.of(Demand))
    if required:
        asked.require(study.plan)
    return PlanRequest(study, asked)


def search_now() -> None:
    """Start a search on the plan of the session's scenario."""
    if begin_job(ProposalView, lambda: plan_job(plan_request(required=True))):
        state.update(ProposalView, moves=None, after=True, aside=frozenset(), looked=())


def redraw(sector: str) -> None:
    """Search the best zones of one sector, whatever its zones are now."""
    state.update(Demand, sectors=(sector,), max_moves=None)
    search_now()


_DECISION = (
    "{The_support_centre} d'un secteur est une décision {of_the_organisation}. L'outil calcule "
    "le gain d'un autre choix, en heures de route des {sector_technicians}, avec les meilleures "
    "zones."
)
_BEST = "Meilleurs {support_centres}"


def centres_card(study: Study) -> None:
    """Show the best centres found; ``study`` is the study of the current scenario."""
    job = state.of(CentresView).job
    if job is None:
        return
    with st.container(key="gz-centres"):
        html.show(htpy.h3[worded(_BEST)])
        job_card(
            job,
            worded("Recherche des meilleurs {support_centres}"),
            lambda found: _found_centres(study, job.asked.study, found),
            StopButton("Arrêter", "centres.arreter", partial(drop_job, CentresView)),
        )


def _found_centres(study: Study, searched: Study, found: BestCentres) -> str:
    """Show the centres found from a study and offer those that the current one lacks.

    Return the best centre of each sector in one sentence.
    """
    html.show(html.note(worded(_DECISION)))
    for one in found.sectors:
        with st.container(gap="xxsmall"):
            html.show(_centre_line(searched, one))
            now = study.plan
            is_there = now.has_sector(one.sector) and one.best in now.zone_by_lycee
            if is_there and now.sector(one.sector).support_centre != one.best:
                st.button(
                    html.unmarked(f"Retenir {searched.name(one.best)} dans le scénario"),
                    key=f"centres.retenir.{one.sector}",
                    on_click=_retain,
                    args=(one,),
                )
    if not found.proven:
        gap = number(max(found.hours - found.bound, 0), 1)
        more = f"d'autres choix feraient gagner {gap} h de plus par an, au maximum."
        html.show(html.sentence(htpy.strong[f"À confirmer : {more}"]))
    st.button("Fermer", key="centres.fermer", on_click=drop_job, args=(CentresView,))
    best = [
        f"{searched.plan.sector(one.sector).name}, {searched.name(one.best)}"
        for one in found.sectors
    ]
    return f"{worded(_BEST)} : {' ; '.join(best)}."


def _centre_line(study: Study, one: BestCentre) -> htpy.Element:
    """Return the line of a sector: its best centre, the gain, the next best ones."""
    name, best = study.plan.sector(one.sector).name, study.name(one.best)
    others = [(lycee, hours) for lycee, hours in one.ranking if lycee != one.best][:2]
    then = [f"{study.name(lycee)} (+{number(hours, 1)} h)" for lycee, hours in others]
    if one.now == one.best:
        gain = f"C'est {terms().support_centre.the} d'aujourd'hui."
    elif one.now is None or one.hours is None or one.km is None:
        gain = worded("{No_support_centre} n'est publié pour ce secteur.")
    else:
        saved = f"{number(one.hours, 1)} h et {number(one.km)} km"
        gain = f"Au lieu de {study.name(one.now)} : {saved} par an de moins."
    return htpy.p(".gz-step")[
        htpy.b[name],
        f" : {best}",
        htpy.small(class_="gz-better" if (one.hours or 0) > 0 else "gz-same")[gain],
        htpy.small(".gz-same")[f"Ensuite : {', '.join(then)}."] if then else None,
    ]


def _retain(one: BestCentre) -> None:
    """Make a lycée the support centre of its sector in the scenario; undo reverts it."""
    changes = {"support_centre": one.best}
    if current_scenario.record("edit_sector", {"sector": one.sector, "changes": changes}):
        done = worded(
            "{Support_centre} retenu dans le scénario ; la décision revient {to_the_organisation}."
        )
        state.notify("ok", done)


@dataclass(frozen=True)
class _Listed:
    """Packages of a proposal, by their numbers on screen, and the plan now."""

    found: SortedPackages
    now: Study

    @property
    def proposal(self) -> PlanProposal:
        """The proposal that they make."""
        return self.found.proposal

    def number(self, package: ProposedPackage) -> int:
        """Return the number of a package, from 1."""
        others = (one for one in self.proposal.packages if one not in self.found.proposed)
        return [*self.found.proposed, *others].index(package) + 1

    def named(self, packages: Sequence[ProposedPackage]) -> str:
        """Name packages by their numbers: ``le groupe 1``, ``les groupes 1 et 2``."""
        numbers = [str(self.number(one)) for one in packages]
        return f"{'le groupe' if len(numbers) == 1 else 'les groupes'} {listing(numbers)}"


def packages_list(found: SortedPackages) -> None:
    """List the packages proposed in their order; each can be accepted while it is still valid.

    Packages set aside come last, and can be restored.
    """
    listed = _Listed(found, current_scenario.study())
    waiting = [package for package in found.proposed if package in found.left]
    if len(found.proposed) > 1:
        alone = not any(
            needed_first(found.proposal, one, found.proposal.before) for one in found.proposed
        )
        in_order = "celui qui en demande un autre d'abord le dit"
        how = "seul, dans l'ordre que vous voulez" if alone else f"seul ; {in_order}"
        html.show(html.note(f"Chaque groupe s'accepte {how}."))
    if len(waiting) > 1:
        count = sum(len(package.moves) for package in waiting)
        st.button(
            f"Accepter tout ({plural(count, 'déplacement')})",
            type="primary",
            icon=":material/done_all:",
            key="propositions.tout",
            on_click=_accept,
            args=(found.proposal, waiting),
            width="stretch",
        )
    with st.container(key="gz-proposed", gap=None):
        for package in found.proposed:
            if package not in found.aside:
                what, act = st.columns([2.2, 1], gap="small")
                why = obstacle(found.proposal, [package], listed.now.plan)
                hindrance = "" if package in found.accepted else why
                first = needed_first(found.proposal, package, listed.now.plan)
                if hindrance and first:
                    after = f"Ne peut être accepté qu'après {listed.named(first)}."
                    hindrance = f"{after} {hindrance}"
                with what:
                    note = html.note(hindrance) if hindrance else None
                    html.show(html.stack(_package_line(listed, package), note))
                with act:
                    _buttons(listed, package, may_accept=not hindrance)
    if found.aside:
        _set_aside_list(listed)


def _set_aside_list(listed: _Listed) -> None:
    """List the packages set aside; those that another one took along come back with it."""
    found = listed.found
    html.show(html.subtitle("Groupes écartés"))
    with st.container(key="gz-aside", gap=None):
        for package in sorted(found.aside, key=listed.number):
            with st.container(gap="xxsmall"):
                along = found.aside[package]
                note = None
                if along:
                    said = f"Écarté avec {listed.named(along)}, dont il a besoin."
                    note = htpy.small[said]
                html.show(_described(listed, package, note))
                if not along:
                    st.button(
                        html.unmarked(f"Reprendre le groupe {listed.number(package)}"),
                        icon=":material/undo:",
                        key=f"propositions.reprendre.{listed.number(package) - 1}",
                        on_click=_set_aside,
                        args=(package, False),
                    )


def _described(listed: _Listed, package: ProposedPackage, *more: htpy.Node) -> htpy.Element:
    """Return the number of a package, which lycées go where, a line a zone, then ``more``."""
    proposal, lines = listed.proposal, []
    for zone, lycees in package.by_target.items():
        names = [html.go(f"lycee:{lycee}", proposal.study.name(lycee)) for lycee in lycees]
        signs = [", "] * (len(names) - 2) + [" et "] * (len(names) > 1) + [""]
        lines.append([*zip(names, signs, strict=True), f" → {proposal.target_name(zone)}"])
    moves = [[htpy.br if rank else None, line] for rank, line in enumerate(lines)]
    return htpy.div(".gz-step")[htpy.b[f"{listed.number(package)}."], " ", moves, more]


def _set_aside(package: ProposedPackage, aside: bool) -> None:  # noqa: FBT001 - argument of a button
    """Set a package aside, out of the list and of the map; or take it back."""
    held = state.of(ProposalView).aside
    kept = held | {package.moves} if aside else held - {package.moves}
    state.clear_notice()
    state.update(ProposalView, aside=kept)


def _package_line(listed: _Listed, package: ProposedPackage) -> htpy.Element:
    proposal = listed.proposal
    is_left = package not in listed.found.accepted
    now = package_now(proposal, package, listed.now) if is_left else None
    return _described(listed, package, _effect(listed, now) if now is not None else None)


def _effect(listed: _Listed, package: ProposedPackage) -> list[htpy.Node]:
    """Return the effect of a package on the plan as it is now, what gets worse first."""
    proposal = listed.proposal
    ends = proposal.ends_of(listed.now, package.moves)
    names, change = proposal.published_of(package.moves), package.change
    sectors = "un secteur publié" if len(names) == 1 else "des secteurs publiés"
    return [
        htpy.small(".gz-fragile")[htpy.b["Attention"], f" : change {sectors} : {listing(names)}."]
        if names
        else None,
        [htpy.small[f"{sentence[0].upper()}{sentence[1:]}."] for sentence in ends],
        [
            htpy.small[f"Règle nouvellement ou davantage enfreinte : {breach.message}"]
            for breach in package.breaches
            if breach.rule != ONE_PIECE  # the line above says it
        ],
        htpy.small["Augmente le coût, mais vos conditions l'imposent."]
        if package.gain < 0 and package.is_asked
        else None,
        # the figures of a group alone are those of the proposal
        htpy.details[htpy.summary[change.conclusion], change_lines(change)]
        if len(listed.found.proposed) > 1
        else None,
    ]


def _buttons(listed: _Listed, package: ProposedPackage, *, may_accept: bool) -> None:
    rank = listed.number(package) - 1
    if package in listed.found.accepted:
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    if may_accept:
        st.button(
            "Accepter",
            key=f"propositions.accepter.{rank}",
            on_click=_accept,
            args=(listed.proposal, [package]),
            width="stretch",
        )
    st.button(
        "Écarter",
        type="tertiary",
        key=f"propositions.ecarter.{rank}",
        on_click=_set_aside,
        args=(package, True),
        width="stretch",
    )


def _accept(proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> None:
    """Accept packages into the scenario as one step of its history."""
    if not current_scenario.accept(proposal, packages):
        return
    names = [proposal.study.name(lycee) for package in packages for lycee in package.lycees]
    verb = "est déplacé" if len(names) == 1 else "sont déplacés"
    scenario = current_scenario.current().name
    answer = f"{listing(names)} {verb} dans « {scenario} »."
    made = MadeMove(answer, current_scenario.current().timeline.head)
    state.update(MoveView, done=made, detail=False)
    state.notify("ok", answer)


_NO_USE = (
    "Lever les règles ne suffit pas : aucun plan ne respecte vos conditions (tailles, trajet "
    "maximal, déplacements, verrous)."
)
_NOT_KNOWN = (
    "L'outil n'a pas trouvé quelles règles lever : sans elles, la recherche est trop longue ou "
    "compare trop de zones. Restreignez vos conditions (secteurs, tailles, trajet maximal)."
)
_NOTHING = "Aucune proposition n'a été trouvée dans le temps donné."
#: Conditions of the form that a planner can relax, in its order.
_RELAXED = ("max_moves", "size_min", "max_minutes", "locked_lycees", "change_sector")


def proposals_card(screen: Screen) -> None:
    """Show the progress or the result of the search, under the best centres."""
    job = screen.job
    centres_card(current_scenario.study())
    if job is None:
        html.show(html.note("L'outil cherche parmi toutes les zones permises."))
        return

    def progress() -> None:
        found = "un plan est trouvé" if isfinite(job.progress.incumbent) else "pas encore de plan"
        text = f"Recherche en cours… {number(job.seconds)} s, {found}"
        st.progress(job.progress.share, text=text)

    job_card(
        job,
        "Recherche de propositions",
        lambda found: _found_plans(screen, job, found),
        StopButton("Arrêter et garder le meilleur trouvé", "propositions.arreter", job.cancel),
        progress,
    )


def offer_to_lift(plans: FoundPlans) -> None:
    """Offer to search again without the smallest sets of rules that no plan respects."""
    found = plans.rules_to_lift
    if found is None:
        if plans.frontier.best.status is ProofStatus.INFEASIBLE:
            html.show(html.note(_NOT_KNOWN))
        return
    if not found:
        html.show(html.note(_NO_USE))
        return
    fewest = len(next(iter(found)))
    count = "une règle" if fewest == 1 else f"{fewest} règles à la fois"
    html.show(html.sentence(f"Aucun plan ne respecte tout. Il y en a un si vous levez {count} :"))
    for rules, names in found.items():
        st.button(
            f"Chercher sans {names}",
            icon=":material/lock_open:",
            key=f"propositions.lever.{'.'.join(rules)}",
            on_click=_lift,
            args=(rules,),
            width="stretch",
        )


def _lift(rules: tuple[str, ...]) -> None:
    state.update(Demand, without=tuple(sorted({*state.of(Demand).without, *rules})))
    search_now()


def _found_plans(screen: Screen, job: PlanJob, found: FoundPlans) -> str:
    """Show the proposal, its sentence first, and return that sentence; "" if there is none."""
    asked, outcome, shown = job.asked, found.frontier, screen.point
    if shown is None or screen.packages is None:
        offer_to_lift(found)
        html.show(html.error(_nothing_found(asked, outcome.best.why or outcome.why or _NOTHING)))
        return ""
    points = points_of(outcome)
    _qualifications(screen, job, outcome, points)
    plan = screen.packages.after  # without what was set aside
    change = plan_change(asked.study, asked.study.with_plan(plan))
    count = len(plan.moves_from(asked.study.plan))
    title, verdict = conclusion(change, count, sufficient_text(asked, shown, points))
    is_draft = all(sector.is_draft for sector in _scope(asked))
    badge = [" ", html.pill(DecisionStatus.DRAFT)] if is_draft else None
    html.show(
        htpy.div(".gz-conclusion")[
            html.subtitle(title, badge), htpy.p[verdict] if verdict else None
        ]
    )
    if count:
        names = {False: "Avant", True: "Après"}
        state.bound(ProposalView, "after").draw(
            st.segmented_control,
            "Plan montré",
            list(names),
            format_func=names.__getitem__,
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
        html.show(html.stack(narrow_change_table(change), _breaches(asked, plan)))
    if shown.result.moves:
        packages_list(screen.packages)
    if found.by_rate and not count:
        html.show(rates_table(asked.study, found.by_rate))
    _details(screen, asked, (points, shown), plan)
    return f"{title.rstrip('.')}. {verdict}".strip()


def rates_table(study: Study, plans: Sequence[tuple[float, Plan]]) -> htpy.Element:
    """Return the figures of today's plan, then those of the best plan at each rate, in columns."""
    studies = [study.with_plan(plan) for _, plan in plans]
    changes = [plan_change(study, each) for each in studies]
    rows = []
    for figures in zip(*(change.figures for change in changes), strict=True):
        record = figures[0].metric
        unit = f" ({record.unit})" if record.unit else ""
        values = (figures[0].before, *(each.after for each in figures))
        if scope_of(figures[0]):  # of the zones that each plan touches: no column has the same
            values = tuple(each.area()[record.key] for each in (study, *studies))
        cells = (record.write(value, 0).removesuffix(record.unit).strip() for value in values)
        rows.append((f"{record.short}{unit}", *cells))
    heads = ("Chiffre", "Auj.", *(rate_text(rate) for rate, _ in plans))
    best = worded(
        "{Whole_territory} : aujourd'hui, puis le meilleur plan selon ce que vaut une heure sans "
        "{technician} (en heures de route)"
    )
    caption = ", ".join(filter(None, (best, study.times.basis)))
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def sufficient_text(asked: PlanRequest, shown: Point, points: tuple[Point, ...]) -> str:
    """Return the sentence on the number of moves that suffice; empty if the best plan needs all.

    A plan that the user chose among the ``points`` has none.
    """
    if state.of(ProposalView).moves is not None:
        return ""
    count = sufficient_moves(asked.study, asked.options, shown.result)
    return sufficient_sentence(asked.study, count, points[-1].result)


def conclusion(change: Effect, count: int, enough: str) -> tuple[str, str]:
    """Return the title of a proposal, how many moves it makes or suffice, and its verdict."""
    title = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Aucun déplacement"
    verdict = " ".join(filter(None, (change.posts, change.conclusion))) if count else ""
    return enough or title, verdict


def _nothing_found(asked: PlanRequest, why: str) -> str:
    """Say where no plan was found, why, and which conditions of the form can be relaxed."""
    names = listing([sector.name for sector in _scope(asked)])
    everywhere = worded("{Whole_territory}.")
    where = f"Secteurs cherchés : {names}." if asked.options.sectors else everywhere
    form = state.of(Demand)
    tightened = [
        option_of(Demand, field).label
        for field in _RELAXED
        if getattr(form, field) != getattr(Demand(), field)
    ]
    relax = listing([f"« {label} »" for label in tightened])
    return " ".join(filter(None, (where, why, relax and f"Conditions à assouplir : {relax}.")))


def _qualifications(
    screen: Screen, job: PlanJob, outcome: "Frontier", points: tuple[Point, ...]
) -> None:
    """Show what qualifies the result: no better plan, search not ended, inputs changed since."""
    asked, work, best = job.asked, screen.work, outcome.best
    too_many = not outcome.points and best.status is ProofStatus.OPTIMAL
    if not outcome.complete and not too_many:
        ended = "arrêtée" if job.is_cancelled else "trop longue"
        why = best.why or f"Recherche {ended}."
        html.show(html.warning(f"Proposition à confirmer. {why}"))
    if search_options(asked.study, state.of(Demand)) != asked.options:
        html.show(html.note("Vos conditions ont changé depuis : relancez la recherche."))
    elif screen.study.settings != asked.study.settings:
        html.show(html.note("Vos hypothèses ont changé depuis : relancez la recherche."))
    elif work.plan != asked.study.plan:
        now, then = work.plan, asked.study.plan
        # the plan searched, with some of the moves accepted, is no change
        changes: set[tuple[str, str]] | None = None
        if now.zone_by_lycee.keys() == then.zone_by_lycee.keys():
            changes = {(lycee, target) for lycee, _, target in now.moves_from(then)}
        if changes is None or not any(
            changes <= {(move.lycee, move.target) for move in point.result.moves}
            for point in points
        ):
            html.show(html.note("Votre scénario a changé depuis : chaque groupe sera revérifié."))


def _scope(asked: PlanRequest) -> list[Sector]:
    ids = asked.options.sectors or {sector.id for sector in asked.study.plan.sectors}
    return [sector for sector in asked.study.plan.sectors if sector.id in ids]


def _breaches(asked: PlanRequest, plan: Plan) -> htpy.Element | None:
    anew = made_anew(asked.study, plan)
    if not anew:
        return None
    count_text = plural(
        len(anew),
        "manquement aux règles, nouveau ou aggravé",
        "manquements aux règles, nouveaux ou aggravés",
    )
    return html.stack(
        html.sentence(htpy.strong[f"{count_text} :"]),
        html.bullets([breach.message for breach in anew], "gz-alerts"),
    )


@when_open(st.expander, "Le détail", key="propositions.detail")
def _details(
    screen: Screen, asked: PlanRequest, where: tuple[tuple[Point, ...], Point], plan: Plan
) -> None:
    points, shown = where
    html.show(
        html.stack(
            zones_table(screen.study, asked.study.plan, plan, _scope(asked)),
            *map(html.sentence, post_sentences(asked.study, asked.study.with_plan(plan))),
            _curve(points) if len(points) > 1 else None,
        )
    )
    if len(points) > 1:
        numbers = [point.moves for point in points]
        bound = state.bound(ProposalView, "moves", default=shown.moves)
        bound.draw(st.select_slider, "Déplacements de la proposition montrée", numbers)


def _curve(points: tuple[Point, ...]) -> htpy.Element:
    """Return the hours a year of the best plan of each number of moves, and what it saves."""
    now = round(points[0].result.objective_before)
    hours = [round(point.result.objective_after) for point in points]
    rows = [
        (number(point.moves), HOURS.write(value), HOURS.write(value - now))
        for point, value in zip(points, hours, strict=True)
    ]
    heads = ("Déplacements au plus", "Coût annuel", "Écart")
    caption = "Ce que chaque déplacement apporte"
    return html.table(caption, heads, rows, numeric=frozenset({0, 1, 2}))


def zones_table(
    study: Study, before: Plan, after: Plan, sectors: list[Sector]
) -> htpy.Element | None:
    """Return the zones that change, all of them in a draft: lycées, mean, worst drive."""
    rows, drafted = [], all(sector.is_draft for sector in sectors)
    records = (metric("lycees"), *shown_in(MetricPlace.SUMMARY))
    for sector in sectors:
        for zone in after.zones_of(sector.id):
            old = before.members(zone.id) if before.has_zone(zone.id) else ()
            new = after.members(zone.id)
            if (old or new) and (old != new or drafted):
                values = study.evaluator.members
                changes = compare(records, values(old), values(new))
                rows.append((zone.name, *(change.arrow() for change in changes)))
    if not rows:
        return None
    heads = ("Zone", *(record.narrow for record in records))
    caption = "Avant → après, par zone"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))
