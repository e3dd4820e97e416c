"""« teams propose », « absence » and « resilience »: who is where, who covers, how fast."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.cli.answers import Add, Answer, chosen, content, progress, teams_of
from geozones.domain import InputError, Plan
from geozones.domain.cover import Cover, CoverFigures
from geozones.domain.files import write_atomically
from geozones.domain.french import minutes, number, plural
from geozones.domain.teams import SHARES, Post, posts_document, posts_of_document, slot_name
from geozones.workspace import Staff, Workspace, read_names

if TYPE_CHECKING:
    from geozones.teams.propose import Proposal

_MAX_BYTES = 5_000_000
_STATUSES = {
    "optimal": "prouvé",
    "feasible": "le meilleur trouvé dans le temps donné",
    "infeasible": "impossible",
    "unknown": "rien trouvé dans le temps donné",
}

#: A rank of a post has no more.
_MAX_DIGITS = 4


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
    found = add("teams propose", "Les postes de T.I.P. d'une zone.", _propose, _propose_text)
    _scope(found)
    found.add_argument("--share", type=int, choices=SHARES, default=100, help="quotité (100 %%)")
    found.add_argument("--keep", action="store_true", help="garder tous les postes existants")
    found.add_argument("--split-minutes", type=float, metavar="MIN", help="dans une journée (30)")
    found.add_argument("--gap-days", type=int, metavar="N", help="jours sans personne (2)")
    found.add_argument("--max-posts", type=int, metavar="N", help="postes par zone (12)")
    found.add_argument("--time-limit", type=float, default=30.0, metavar="S", help="en tout (30)")
    found.add_argument("--out", type=Path, metavar="FICHIER", help="écrire les postes proposés")
    away = add("teams absence", "Qui remplace un poste absent.", _absence, _absence_text)
    away.add_argument("post", metavar="POSTE", help="ZONE:RANG (MAY-3:2), ou le code du poste")
    for name, label in (("--from", "first"), ("--to", "last")):
        away.add_argument(name, dest=label, required=True, metavar="AAAA-MM-JJ")
    away.add_argument("--cap", type=int, metavar="N", help="interventions par mois et personne (4)")
    away.add_argument("--names", action="store_true", help="donner aussi les noms gardés ici")
    stand = add("teams resilience", "Ce que tiennent les postes.", _resilience, _resilience_text)
    _scope(stand)
    stand.add_argument("--years", type=int, default=0, metavar="N", help="années à simuler (0)")
    stand.add_argument("--seed", type=int, default=2025, metavar="N", help="graine (2025)")
    stand.add_argument("--rate", type=float, metavar="T", help="taux d'absence (0.05)")
    for command in (found, away, stand):
        command.add_argument(
            "--posts", type=Path, metavar="FICHIER", help="des postes écrits par teams propose"
        )


def _scope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--zone", action="append", metavar="CODE", help="une zone ; répété")
    command.add_argument("--sector", action="append", metavar="CODE", help="un secteur ; répété")


def _staff(workspace: Workspace, arguments: argparse.Namespace) -> Staff:
    plan = chosen(workspace, arguments)
    people = teams_of(workspace, arguments)
    if arguments.posts is not None:
        posts = _posts_of(arguments.posts, plan)
        people = people.with_posts({post.zone for post in posts}, posts)
    return Staff(workspace, plan, people)


def _posts_of(path: Path, plan: Plan) -> tuple[Post, ...]:
    try:
        document = json.loads(content(path, "fichier de postes", _MAX_BYTES)[:_MAX_BYTES])
    except (ValueError, RecursionError) as error:
        msg = f"Le fichier de postes {path} est tronqué ou n'est pas du JSON."
        raise InputError(msg) from error
    return posts_of_document(document, plan)


def _zones(plan: Plan, arguments: argparse.Namespace) -> Sequence[str]:
    wanted = [plan.zone(zone).id for zone in arguments.zone or ()]
    wanted += [zone.id for key in arguments.sector or () for zone in plan.zones_of(key)]
    if not wanted and not arguments.zone and not arguments.sector:
        wanted = [zone.id for zone in plan.zones]
    return list(dict.fromkeys(wanted))


# -- propose -------------------------------------------------------------------------------------


def _propose(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    fields = ("split_minutes", "gap_days", "max_posts")
    asked = {name: getattr(arguments, name) for name in fields}
    given = {name: value for name, value in asked.items() if value is not None}
    workspace = workspace.with_team_settings(replace(workspace.settings.teams, **given))
    staff = _staff(workspace, arguments)
    options = staff.options(
        share=arguments.share, keep=arguments.keep, time_limit=arguments.time_limit
    )
    tell = progress("zones")
    found = staff.propose(
        _zones(staff.plan, arguments), options, lambda _, done, total: tell(done, total)
    )
    after = replace(staff, people=staff.people.with_posts(*_adopted(found)))
    answer: Answer = {
        "zones": [_proposal(after, proposal) for proposal in found],
        "seconds": sum(proposal.seconds for proposal in found),
    }
    if arguments.out is not None:
        text = json.dumps(posts_document(after.people.posts), ensure_ascii=False, indent=1)
        write_atomically(arguments.out, text + "\n")
        answer["out"] = str(arguments.out)
    return answer


def _adopted(found: Sequence["Proposal"]) -> tuple[list[str], list[Post]]:
    done = [proposal for proposal in found if proposal.levels]
    return [p.zone for p in done], [post for p in done for post in p.posts]


def _proposal(staff: Staff, proposal: "Proposal") -> Answer:
    return {
        "zone": proposal.zone,
        "status": proposal.status.value,
        "criteria": [asdict(level) for level in proposal.levels],
        "gap": proposal.gap,
        "seconds": proposal.seconds,
        "why": proposal.why,
        "posts": [_post(staff, post) for post in proposal.posts],
    }


def _post(staff: Staff, post: Post) -> Answer:
    return {
        "id": post.id,
        "label": staff.label(post),
        "share": post.share,
        "residence": post.residence,
        "half_days": {slot_name(slot): cell for slot, cell in enumerate(post.cells)},
        "locked": [slot_name(slot) for slot in sorted(post.locked)],
    }


def _propose_text(answer: Answer) -> str:
    lines = []
    for zone in answer["zones"]:
        told = "".join(f", {c['name'].lower()} {number(c['value'])}" for c in zone["criteria"])
        lines.append(f"{zone['zone']} : {_STATUSES[zone['status']]}{told}. {zone['why']}".strip())
        lines += [
            f"  {post['label']} ({post['share']} %), résidence {post['residence']} : "
            + ", ".join(f"{name} {cell}" for name, cell in post["half_days"].items() if cell)
            for post in zone["posts"]
        ]
    return "\n".join(lines)


# -- absence -------------------------------------------------------------------------------------


def _absence(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    if arguments.cap is not None:
        if not 0 <= arguments.cap <= 100:
            msg = "Le plafond d'interventions par mois est entre 0 et 100."
            raise InputError(msg)
        settings = replace(workspace.settings.teams, monthly_cap=arguments.cap)
        workspace = workspace.with_team_settings(settings)
    staff = _staff(workspace, arguments)
    if arguments.names:
        staff = replace(staff, names=read_names())
    post = _post_named(staff, arguments.post)
    first, last = _date(arguments.first), _date(arguments.last)
    schedule = staff.absence(post.id, first, last)
    labels = {entry.id: staff.label(entry) for entry in staff.people.posts}
    return {
        "post": labels[post.id],
        "from": first.isoformat(),
        "to": last.isoformat(),
        "missed": len(schedule.reliefs),
        "uncovered": len(schedule.uncovered),
        "reliefs": [
            {
                "date": relief.day.isoformat(),
                "half_day": slot_name(relief.missed.slot),
                "lycee": relief.missed.lycee,
                "by": labels.get(relief.missed.by, relief.missed.by) or None,
                "from": relief.origin,
                "minutes": relief.missed.minutes,
                "leaves": relief.leaves,
                "leaves_alone": relief.alone,
            }
            for relief in schedule.reliefs
        ],
    }


def _post_named(staff: Staff, text: str) -> Post:
    zone, _, rank = text.rpartition(":")
    if zone and rank.isascii() and rank.isdigit() and len(rank) <= _MAX_DIGITS:
        posts = staff.people.of_zone(staff.plan.zone(zone).id)
        if not 1 <= int(rank) <= len(posts):
            msg = (
                f"La zone {zone} a {plural(len(posts), 'poste')} : donnez-en avec --posts (teams "
                "propose --out) ou --scenario, et un rang de 1 à leur nombre."
            )
            raise InputError(msg)
        return posts[int(rank) - 1]
    return staff.people.post(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"« {text[:20]} » n'est pas une date : écrivez-la AAAA-MM-JJ."
        raise InputError(msg) from error


def _absence_text(answer: Answer) -> str:
    head = (
        f"{answer['post']}, du {answer['from']} au {answer['to']} : "
        f"{plural(answer['missed'], 'demi-journée manquée', 'demi-journées manquées')}, "
        f"{answer['uncovered']} sans relève"
    )
    lines = [head]
    for row in answer["reliefs"]:
        who = row["by"] or "personne"
        way = f" depuis {row['from']} en {minutes(row['minutes'])}" if row["from"] else ""
        left = f", quitte {row['leaves']}" if row["leaves"] else ""
        alone = " (plus personne)" if row["leaves_alone"] else ""
        lines.append(f"- {row['date']} {row['half_day']}, {row['lycee']} : {who}{way}{left}{alone}")
    return "\n".join(lines)


# -- resilience ----------------------------------------------------------------------------------


def _resilience(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    if arguments.rate is not None:
        settings = replace(workspace.settings.teams, absence_rate=arguments.rate)
        workspace = workspace.with_team_settings(settings)
    staff = _staff(workspace, arguments)
    plan, zones = staff.plan, _zones(staff.plan, arguments)
    sectors = list(dict.fromkeys(plan.zone(zone).sector for zone in zones))
    answer: Answer = {"area": _area(staff, zones), "sectors": {}, "zones": {}}
    for sector in sectors:
        inside = [zone for zone in zones if plan.zone(zone).sector == sector]
        answer["sectors"][sector] = _area(staff, inside)
    for zone in zones:
        answer["zones"][zone] = _area(staff, [zone])
        if arguments.years and staff.people.of_zone(zone):
            year = staff.simulate(zone, arguments.years, arguments.seed)
            answer["zones"][zone]["years"] = _years(asdict(year))
    return answer


def _years(year: Answer) -> Answer:
    mean, error, p90 = year.pop("uncovered")
    year["uncovered"] = {"mean": mean, "standard_error": error, "p90": p90}
    return year


def _area(staff: Staff, zones: Sequence[str]) -> Answer:
    """Return the figures of some zones; ``null`` where no post is defined, never 0."""
    standing = staff.standing(zones)
    covers: list[Cover] = list(standing.covers.values())
    return {
        "posts": sum(len(cover.posts) for cover in covers) if covers else None,
        "unmet": sum(cover.unmet for cover in covers) if covers else None,
        "single": _figures(standing.single),
        "pairs": _figures(standing.pairs),
        "single_points": [point for cover in covers for point in cover.single_points],
        "zones_without_posts": [zone for zone in zones if zone not in standing.covers],
    }


def _figures(figures: CoverFigures | None) -> Answer | None:
    if figures is None:
        return None
    return {
        "missed": figures.missed,
        "uncovered": figures.uncovered,
        "median_minutes": figures.median,
        "p90_minutes": figures.p90,
        "near_share": figures.near,
    }


def _resilience_text(answer: Answer) -> str:
    rows = [("Ensemble", answer["area"]), *answer["zones"].items()]
    return "\n".join(_line(name, row) for name, row in rows)


def _line(name: str, row: Answer) -> str:
    if row["single"] is None:
        return f"{name:<18} non renseigné : aucun poste défini"
    one, two = row["single"], row["pairs"]
    return (
        f"{name:<18} {row['posts']:>3} postes   médiane {minutes(one['median_minutes']):>8}   "
        f"9 fois sur 10 {minutes(one['p90_minutes']):>8}   sans relève "
        f"{number(one['uncovered']):>4} (à deux {number(two['uncovered'])})   "
        f"{', '.join(row['single_points'])}"
    )
