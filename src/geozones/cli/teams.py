"""« teams needs », « propose » and « absence »: needs, posts, covers."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    content,
    picked,
    progress,
    read_date,
    table,
    write_json,
)
from geozones.cli.parameters import Reply, argument, flag, group, one_of, option
from geozones.common.errors import InputError
from geozones.common.french import listing, number, plural, ranged_minutes
from geozones.domain.plan_documents import posts_document, posts_from_document
from geozones.domain.settings import TeamSettings, documented
from geozones.domain.teams import (
    SHARES,
    TIS,
    Basis,
    ExceptionCause,
    Post,
    WorkloadRule,
    checked_per_half_day,
    checked_site,
    rule_to_json,
    slot_name,
)
from geozones.domain.terms import has_organisation, terms, worded
from geozones.intake.site_tables import needs_fields
from geozones.teams.posts_proposal import PostsProposal
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import sector_named, zone_named
from geozones.workspace.teams import (
    Relief,
    Staff,
    needs_changes,
    read_needs,
    with_needs,
    with_proposals,
)

teams = group("teams")

_MAX_POSTS_BYTES = 5_000_000

#: Option: a file of posts.
PostsFile = Annotated[Path | None, option("FICHIER", "des postes écrits par teams propose")]
#: Option: the hypothesis that a T.I.S. replaces someone absent.
TisReplaces = Annotated[
    bool,
    flag(
        "supposer qu'{a_sector_technician} remplace {a_proximity_technician} absent",
        shown=has_organisation(),
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class ZoneSelection:
    """Zones and sectors to include; all zones by default."""

    zone: Annotated[list[str] | None, option("ZONE", "une zone, nom ou code ; répété")] = None
    sector: Annotated[list[str] | None, option("SECTEUR", "secteur, nom ou code ; répété")] = None

    def zones(self, study: Study) -> Sequence[str]:
        """Return the ids of the selected zones, without duplicates."""
        plan = study.plan
        if self.zone is None and self.sector is None:
            return [zone.id for zone in plan.zones]
        wanted = [plan.zone(zone_named(study.territory, plan, text)).id for text in self.zone or ()]
        sectors = [sector_named(plan, sector) for sector in self.sector or ()]
        wanted += [zone.id for sector in sectors for zone in plan.zones_of(sector)]
        return list(dict.fromkeys(wanted))


EVERY_ZONE = ZoneSelection()


def staff_of(study: Study, file: Path | None) -> Staff:
    """Return the staff of a study; posts of a file replace the posts of their zones."""
    if file is None:
        return Staff(study)
    text = content(file, "fichier de postes", _MAX_POSTS_BYTES)[:_MAX_POSTS_BYTES]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"Le fichier de postes {file} est tronqué ou n'est pas du JSON."
        ) from error
    posts = posts_from_document(document, study.plan)
    zones = {post.zone for post in posts}
    return Staff(study.with_teams(study.teams.with_posts(zones, posts)))


def posts_beyond(staff: Staff, zone: str) -> Answer:
    """Return the posts that a proposal for a zone needs beyond those of its cost, as a JSON key."""
    more = staff.more_posts(zone)
    return {"more_posts": None if more is None else asdict(more) | {"said": more.sentence}}


def _supposition(answer: Answer) -> str:
    """Describe the hypothesis of an answer about T.I.S."""
    if answer["tis_replaces"]:
        return worded(
            "Hypothèse : {a_sector_technician} remplace {a_proximity_technician} "
            "absent quand aucun collègue ne le peut."
        )
    if not has_organisation():
        return ""
    return worded(
        "Les {sector_technicians} ne remplacent personne "
        + documented(": le document ne le dit pas ")
        + "(--tis-replaces)."
    )


_MAX_NEEDS_BYTES = 30_000_000


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """Changes to the scenario's rule of needs."""

    basis: Annotated[
        str | None,
        option(
            "BASE",
            f"les besoins sont calculés d'après : {', '.join(Basis)}",
            check=one_of([basis.value for basis in Basis]),
        ),
    ] = None
    per_half_day: Annotated[
        float | None, option("N", "{sizes}, postes ou tickets pour une demi-journée (146 {sizes})")
    ] = None
    site: Annotated[int | None, option("N", "demi-journées de base par site (3)")] = None

    def over(self, rule: WorkloadRule) -> WorkloadRule:
        """Return a rule with these changes; raise ``InputError`` if a value is out of range."""
        if self.basis is not None:
            rule = replace(rule, basis=Basis(self.basis))
        if self.per_half_day is not None:
            worth = {rule.basis: checked_per_half_day(self.per_half_day)}
            rule = replace(rule, per_half_day={**rule.per_half_day, **worth})
        if self.site is not None:
            rule = replace(rule, site_half_days=checked_site(self.site))
        return rule


_SAME_RULE = RuleOptions()


@teams.command(help=worded("Les besoins de présence des {sites}."))
def needs(
    *,
    scope: ZoneSelection = EVERY_ZONE,
    rule: RuleOptions = _SAME_RULE,
    file: Annotated[
        Path | None, option("FICHIER", "besoins, {sizes}, postes informatiques ou tickets")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the needs of lycées, of a scenario or after applying a file and a rule."""
    study = common.study({} if file is None else needs_fields())
    rejected: list[str] = []
    if file is not None:
        given = content(file, "fichier de besoins", _MAX_NEEDS_BYTES)
        read = read_needs(study.territory, given, common.columns_of(needs_fields()))
        study = with_needs(study, needs_changes(study, read))
        rejected = [*read.notes, *(fault.text for fault in read.rejected)]
    teams = study.teams
    study = study.with_teams(replace(teams, rule=rule.over(teams.rule)))
    zones = scope.zones(study)
    by_zone = {zone: _zone(study, zone) for zone in zones}
    answer: Answer = {
        "rule": rule_to_json(study.teams.rule),
        "half_days": sum(zone["half_days"] for zone in by_zone.values()),
        "zones": by_zone,
        "rejected": rejected,
    }
    return common.reply(study, answer, _text, names_plan=True)


def _zone(study: Study, zone: str) -> Answer:
    lycees, teams = study.territory.lycees, study.teams
    rows = []
    for key in study.plan.members(zone):
        need = teams.need(lycees[key])
        pupils, source = teams.pupils(lycees[key])
        rows.append(
            {
                "id": key,
                "name": study.name(key),
                **picked(need, "half_days", "source", "origin"),
                "pupils": pupils,
                "pupils_source": source or None,
            }
        )
    return {"half_days": sum(row["half_days"] for row in rows), "lycees": rows}


def _text(answer: Answer) -> str:
    lines = [f"{plural(answer['half_days'], 'demi-journée')} par semaine"]
    sizes = terms().size.plural
    rows = []
    for zone, given in answer["zones"].items():
        rows.append((zone, number(given["half_days"]), "", ""))
        for row in given["lycees"]:
            pupils = "" if row["pupils"] is None else number(row["pupils"])
            rows.append((f"  {row['name']}", number(row["half_days"]), pupils, row["origin"]))
    lines += table(("", "demi-journées", sizes, "origine"), rows, words=(0, 3))
    return "\n".join([*lines, *answer["rejected"]])


_STATUSES = {
    "optimal": "prouvé",
    "feasible": "le meilleur trouvé, non prouvé",
    "infeasible": "impossible",
    "unknown": "rien trouvé avant l'arrêt",
}


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class PostOptions:
    """Constraints of the posts."""

    share: Annotated[int, option("P", "quotité, 100, 80 ou 50 (100 %)", check=one_of(SHARES))] = 100
    keep: Annotated[bool, flag("garder tous les postes existants")] = False
    split_minutes: Annotated[
        float | None, option("MIN", "trajet maximal dans une même journée (30)")
    ] = None
    gap_days: Annotated[int | None, option("N", "jours de suite sans personne, au plus (2)")] = None
    max_posts: Annotated[int | None, option("N", "postes par zone, au plus (12)")] = None

    def settings(self, current: TeamSettings) -> TeamSettings:
        """Return the settings of teams with the given values."""
        fields = ("split_minutes", "gap_days", "max_posts")
        asked = {name: getattr(self, name) for name in fields}
        return replace(current, **{k: value for k, value in asked.items() if value is not None})


_DEFAULT_POSTS = PostOptions()


@teams.command(help=worded("Les postes {of_proximity_technician} d'une zone."))
def propose(
    *,
    scope: ZoneSelection = EVERY_ZONE,
    options: PostOptions = _DEFAULT_POSTS,
    posts: PostsFile = None,
    out: Annotated[Path | None, option("FICHIER", "écrire les postes proposés")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Search the posts of some zones; write them to a file of posts."""
    study = common.study()
    study = study.with_team_settings(options.settings(study.settings.teams))
    staff = staff_of(study, posts)
    tell = progress("zones")
    proposals = staff.propose(
        scope.zones(staff.study),
        staff.options(share=options.share, keep=options.keep),
        lambda _, done, total: tell(done, total),
    )
    people = with_proposals(staff.people, proposals)
    after = replace(staff, study=staff.study.with_teams(people))
    answer: Answer = {
        "zones": [
            _proposal(after, proposal) | posts_beyond(staff, proposal.zone)
            for proposal in proposals
        ],
        "seconds": sum(proposal.seconds for proposal in proposals),
    }
    if out is not None:
        answer["out"] = write_json(out, posts_document(after.people.posts))
    return common.reply(study, answer, partial(_propose_text, study), names_plan=True)


def _proposal(staff: Staff, proposal: PostsProposal) -> Answer:
    return {
        **picked(proposal, "zone", "status"),
        "criteria": [asdict(level) | {"name": level.label} for level in proposal.levels],
        **picked(proposal, "gap", "seconds", "why"),
        "said": proposal.summary,
        "exceptions": [
            picked(exception, "lycee", "post") | picked(exception.why, "cause", "note")
            for exception in proposal.exceptions
        ],
        "posts": [
            {
                "id": post.id,
                "label": staff.label(post),
                **picked(post, "share", "residence"),
                "half_days": {slot_name(slot): cell for slot, cell in enumerate(post.cells)},
                "locked": [slot_name(slot) for slot in sorted(post.locked)],
            }
            for post in proposal.posts
        ],
    }


def _propose_text(study: Study, answer: Answer) -> str:
    def name(cell: str) -> str:
        return study.name(cell) if cell in study.territory.lycees else cell

    if not answer["zones"]:
        return worded("Aucun poste à proposer : ces zones n'ont pas {of_site}.")
    lines = []
    for zone in answer["zones"]:
        criteria = "".join(
            f" ; {c['name'].lower()} : {number(c['value'])}" for c in zone["criteria"]
        )
        summary = f"{zone['said']}{criteria}." if zone["criteria"] else zone["why"]
        lines.append(f"{zone['zone']} : {_STATUSES[zone['status']]}. {summary}")
        for row in zone["exceptions"]:
            causes = filter(None, (ExceptionCause(row["cause"]).label, row["note"]))
            lines.append(f"  exception : {name(row['lycee'])}, {', '.join(causes)}")
        lines += [
            f"  {post['label']} ({post['share']} %), résidence {name(post['residence'])} : "
            + ", ".join(f"{half} {name(cell)}" for half, cell in post["half_days"].items() if cell)
            for post in zone["posts"]
        ]
    return "\n".join(lines)


#: Most digits of a post's rank in its zone.
_MAX_DIGITS = 4


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class AbsenceOptions:
    """Dates of the absence, and who may replace the post."""

    first: Annotated[str | None, option("AAAA-MM-JJ", "premier jour d'absence", name="--from")] = (
        None
    )
    last: Annotated[str | None, option("AAAA-MM-JJ", "dernier jour d'absence", name="--to")] = None
    cap: Annotated[int | None, option("N", "interventions par mois et personne, au plus (4)")] = (
        None
    )
    tis_replaces: TisReplaces = False
    posts: PostsFile = None


_ANY_ABSENCE = AbsenceOptions()


@teams.command(help="Qui remplace un poste absent, et ce que laisse toute absence.")
def absence(
    post: Annotated[
        str | None,
        argument("POSTE", "ZONE:RANG (MAY-3:2), ou le code du poste ; sinon, chaque poste"),
    ] = None,
    /,
    *,
    options: AbsenceOptions = _ANY_ABSENCE,
    scope: ZoneSelection = EVERY_ZONE,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print who covers each half-day of an absent post, or what the absence of each post leaves."""
    study = common.study()
    settings = replace(study.settings.teams, tis_replaces=options.tis_replaces)
    if options.cap is not None:
        if not 0 <= options.cap <= 100:
            raise InputError("Le plafond d'interventions par mois est entre 0 et 100.")
        settings = replace(settings, monthly_cap=options.cap)
    study = study.with_team_settings(settings)
    staff = staff_of(study, options.posts)
    dates = [day for day in (options.first, options.last) if day is not None]
    if post is None:
        if dates or options.cap is not None:
            raise InputError("--from, --to et --cap vont avec un poste : indiquez-le.")
        # the half-days a week without anybody while each post is absent, the worst first
        zones = scope.zones(staff.study)
        answer = {
            "tis_replaces": options.tis_replaces,
            "posts": [
                {
                    "id": left.post.id,
                    "label": staff.label(left.post),
                    "zone": left.post.zone,
                    **picked(left, "missed", "empty", "lycees"),
                }
                for left in staff.left(zones)
            ],
            "zones_without_posts": [zone for zone in zones if not staff.people.of_zone(zone)],
        }
        return common.reply(study, answer, partial(_every_absence_text, study), names_plan=True)
    if len(dates) < 2 or scope != EVERY_ZONE:
        raise InputError("Un poste va avec --from et --to, sans --zone ni --sector.")
    first, last = map(read_date, dates)
    return _one_absence(staff, _post_named(staff, post), (first, last), common)


def _every_absence_text(study: Study, answer: Answer) -> str:
    lines = [*filter(None, (_supposition(answer),))]
    for row in answer["posts"]:
        lycees = listing([study.name(lycee) for lycee in row["lycees"]])
        without = plural(row["empty"], "demi-journée")
        where = f" ({lycees})" if lycees else ""
        lines.append(
            f"{row['label']} : {without} par semaine sans {terms().technician}{where}, "
            f"sur {number(row['missed'])}"
        )
    if answer["zones_without_posts"]:
        zones = listing([study.plan.zone(zone).name for zone in answer["zones_without_posts"]])
        lines.append(f"Non renseigné, aucun poste défini : {zones}.")
    return "\n".join(lines)


def _one_absence(
    staff: Staff, away: Post, dates: tuple[date, date], common: CommonOptions
) -> Reply:
    """Return who covers each half-day of an absent post between two dates."""
    study, (first, last) = staff.study, dates
    schedule = staff.absence(away.id, first, last)
    labels = {post.id: staff.label(post) for post in staff.people.posts}
    labels[TIS] = str(terms().sector_technician)
    answer: Answer = {
        "post": labels[away.id],
        "from": first.isoformat(),
        "to": last.isoformat(),
        "tis_replaces": study.settings.teams.tis_replaces,
        "uncovered": len(schedule.uncovered),
        "empty": schedule.service.unattended,
        **asdict(schedule.service),
        "reliefs": [
            {
                "date": relief.day.isoformat(),
                "half_day": slot_name(relief.missed.slot),
                "lycee": relief.missed.lycee,
                "by": labels.get(relief.missed.by, relief.missed.by) or None,
                "from": relief.origin,
                "minutes": relief.missed.minutes,
                **_sure(study, relief),
                "leaves": relief.leaves,
                "leaves_alone": relief.alone,
            }
            for relief in schedule.reliefs
        ],
    }
    counted = staff.counted_days(first, last)
    return common.reply(study, answer, partial(_absence_text, counted), names_plan=True)


def _sure(study: Study, relief: Relief) -> Answer:
    """Return the uncertainty of a relief's minutes; each value is ``None`` if nobody comes."""
    if not relief.origin:
        return dict.fromkeys(("low", "high", "estimated"))
    way = relief.origin, relief.missed.lycee
    low, high = study.times.interval(*way)
    return {"low": low, "high": high, "estimated": study.times.is_estimated(*way)}


def _post_named(staff: Staff, text: str) -> Post:
    zone, _, rank = text.rpartition(":")
    if zone and rank.isascii() and rank.isdigit() and len(rank) <= _MAX_DIGITS:
        posts = staff.people.of_zone(
            staff.plan.zone(zone_named(staff.study.territory, staff.plan, zone)).id
        )
        if not 1 <= int(rank) <= len(posts):
            held = f"a {plural(len(posts), 'poste')}" if posts else "n'a aucun poste"
            raise InputError(
                f"La zone {zone} {held}. Donnez-en avec --posts (teams "
                "propose --out) ou --scenario, et un rang de 1 à leur nombre."
            )
        return posts[int(rank) - 1]
    return staff.people.post(text)


def _absence_text(counted: str, answer: Answer) -> str:
    head = (
        f"{answer['post']}, du {answer['from']} au {answer['to']} : "
        f"{plural(answer['missed'], 'demi-journée manquée', 'demi-journées manquées')}, "
        f"{number(answer['unattended'])} sans {terms().technician}, "
        f"{number(answer['reduced'])} à effectif réduit, "
        f"{plural(round(answer['displaced']), 'déplacée')}"
    )
    lines = [*filter(None, (head, counted, _supposition(answer)))]
    for row in answer["reliefs"]:
        who = row["by"] or "personne"
        way = ""
        if row["from"]:
            sure = row["low"], row["high"]
            took = ranged_minutes(row["minutes"], *sure, estimated=row["estimated"])
            way = f" depuis {row['from']} en {took}"
        left = f", quitte {row['leaves']}" if row["leaves"] else ""
        alone = " (plus personne)" if row["leaves_alone"] else ""
        lines.append(f"- {row['date']} {row['half_day']}, {row['lycee']} : {who}{way}{left}{alone}")
    return "\n".join(lines)
