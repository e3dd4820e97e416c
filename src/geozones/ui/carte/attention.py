"""Announcement to screen readers of what is chosen on the map."""

from geozones.domain import Plan
from geozones.ui import state
from geozones.ui.carte.picks import moving
from geozones.ui.state.attention import Attention
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.session_views import Notice
from geozones.workspace.moves.destinations import group_moves
from geozones.workspace.study import Study


def announce_choice(study: Study) -> None:
    """Announce a changed selection to screen readers, unless a message on screen says more."""
    now, before = state.of(Selection), state.of(Attention).chosen
    chosen = (now.sector, now.zone, now.lycee, now.target)
    state.update(Attention, chosen=chosen)
    if before and chosen != before and not state.of(Notice).text:
        state.announce(_choice(study, now, before))


def _choice(study: Study, now: Selection, before: tuple[str | None, ...]) -> str:
    plan, (_, zone, lycee, target) = study.plan, before
    if now.target not in {None, target}:
        return f"Zone visée : {_aimed(plan, now.target)}.{_refusal(study, now)}"
    if now.lycee not in {None, lycee}:
        return f"Choisi : {study.name(now.lycee)}, {plan.zone_of(now.lycee).name}."
    if now.zone not in {None, zone}:
        return f"Choisie : zone {plan.zone(now.zone).name}."
    if now.lycee or now.zone:
        return ""
    return "Toute la région." if now.sector is None else f"Secteur {plan.sector(now.sector).name}."


def _aimed(plan: Plan, zone: str | None) -> str:
    return plan.zone(zone).name if zone is not None and plan.has_zone(zone) else "une zone nouvelle"


def _refusal(study: Study, now: Selection) -> str:
    moves = group_moves(study.plan, moving()).get(now.target or "")
    if not moves:
        return ""
    verdict = study.may_move_all(moves)
    return "" if verdict.allowed else f" Déplacement refusé. {' '.join(verdict.reasons)}"
