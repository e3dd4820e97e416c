"""Zones that cope badly with absences: fragile zones, and zones that depend on one point.

In a zone with posts, absences of the posts are counted. In a zone without posts, a relève is
assumed to come from the nearest lycée of the zone, and to be fast within ``near_minutes``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from geozones.common.french import listing, minutes, of, plural, round_minutes, to_be_confirmed
from geozones.domain import Zone
from geozones.domain.settings import TeamSettings
from geozones.domain.terms import terms
from geozones.metrics import number_of
from geozones.metrics.metric_inputs import ZoneView
from geozones.rules import MINUTES, RuleOrigin, Severity
from geozones.workspace.study import Study
from geozones.workspace.vigilance.record import PointKind, VigilancePoint

#: Fewest lycées that depend on the same other lycée for a relève to make it a single point.
_RESTING = 2


def fragile(study: Study, zones: Iterable[Zone]) -> Iterator[VigilancePoint]:
    """Yield the zones where one absence leaves half-days without anyone, or a slow relève."""
    for zone in _filled(study, zones):
        if study.teams.of_zone(zone.id):
            # points to watch are of today, also in a plan whose figures are kept
            lost = number_of(study.evaluator.zone(study.plan, zone.id)["uncovered"]) or 0
            if lost:
                sentence = (
                    f"Zone {zone.name} : toutes absences cumulées, "
                    f"{plural(round(lost), 'demi-journée')} par semaine sans relève."
                )
                found = point(
                    study, zone, (PointKind.FRAGILE, sentence), study.plan.members(zone.id)
                )
                yield replace(
                    found, subject="", measure=round(lost), unit="demi-journées sans relève"
                )
            continue
        # the nearest colleagues alone: a destination is a new zone, whose other figures are slow
        slowest = ZoneView(study.plan.members(zone.id), study.times, study.settings).slowest_releve
        near = study.settings.teams.near_minutes
        if slowest is not None and slowest[2] > near:
            lycee, colleague, slow = slowest
            bound = f"(relève rapide : {minutes(near)} au plus)"
            sentence = (
                f"Zone {zone.name} : le collègue le plus proche {of(study.name(lycee))} est à "
                f"{study.name(colleague)}, à {minutes(slow)} {bound}."
            )
            slow_releve = point(
                study, zone, (PointKind.FRAGILE, sentence), (lycee,), "near_minutes"
            )
            slow_releve = replace(
                slow_releve,
                subject="relève la plus lente",
                measure=round_minutes(slow),
                unit=MINUTES,
            )
            yield _confirmed_unless(slow_releve, _may_be_otherwise(study, zone.id, (lycee,)))


def single_points(study: Study, zones: Iterable[Zone]) -> Iterator[VigilancePoint]:
    """Yield the zones with one T.I.P., else zones where several relèves depend on one lycée."""
    for zone in _filled(study, zones):
        posts = study.teams.of_zone(zone.id)
        if len(posts) == 1:
            post = terms().proximity_technician
            sentence = (
                f"Zone {zone.name} : un{post.e} seul{post.e} {post}, sans collègue pour le "
                "remplacer."
            )
            yield point(study, zone, (PointKind.SINGLE, sentence), study.plan.members(zone.id))
        if posts:
            continue
        near = minutes(study.settings.teams.near_minutes)
        for colleague, resting in _resting_on_one(study, zone.id):
            names = listing([of(study.name(lycee)) for lycee in resting])
            sentence = (
                f"Zone {zone.name} : seul {study.name(colleague)} est à moins de {near} {names}."
            )
            single = point(
                study, zone, (PointKind.SINGLE, sentence), (colleague, *resting), "near_minutes"
            )
            single = replace(single, key=(*single.key, colleague), measure=len(resting))
            yield _confirmed_unless(single, _may_be_otherwise(study, zone.id, resting))


def _resting_on_one(study: Study, zone: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each lycée (id) that is the only near one for several others of its zone, with them."""
    members, near = study.plan.members(zone), study.settings.teams.near_minutes
    one_way = study.times.one_way
    resting: dict[str, list[str]] = {}
    for lycee in members:
        fast = [key for key in members if key != lycee and one_way[key][lycee] <= near]
        if len(fast) == 1:
            resting.setdefault(fast[0], []).append(lycee)
    for colleague, others in resting.items():
        if len(others) >= _RESTING:
            yield colleague, tuple(others)


def _may_be_otherwise(study: Study, zone: str, lycees: Iterable[str]) -> bool:
    """Return whether ``near_minutes`` is inside the interval of a drive to one of some lycées.

    A drive to a lycée comes from another one of its zone; its minutes may be on the other side.
    """
    near, members = study.settings.teams.near_minutes, study.plan.members(zone)
    drives = (study.times.interval(key, to) for to in lycees for key in members if key != to)
    return any(low <= near < high for low, high in drives)


def _confirmed_unless(point: VigilancePoint, unsure: bool) -> VigilancePoint:  # noqa: FBT001
    """Return a point, marked as to be confirmed if it is not sure."""
    if not unsure:
        return point
    return replace(point, sentence=to_be_confirmed(point.sentence), to_confirm=True)


def _filled(study: Study, zones: Iterable[Zone]) -> Iterable[Zone]:
    return (zone for zone in zones if study.plan.members(zone.id))


def point(
    study: Study,
    zone: Zone,
    what: tuple[PointKind, str],
    lycees: tuple[str, ...],
    bound: str | None = None,
) -> VigilancePoint:
    """Return a point in a zone: its kind and sentence, and the lycées (ids) concerned.

    Its origin is the planner if they changed the setting ``bound`` about teams, else the tool.
    """
    mine = bound is not None and getattr(study.settings.teams, bound) != getattr(
        TeamSettings(), bound
    )
    return VigilancePoint(
        *what,
        rule="",
        origin=RuleOrigin.YOURS if mine else RuleOrigin.TOOL,
        severity=Severity.WARNING,
        sector=zone.sector,
        zone=zone.id,
        lycees=lycees,
        status=study.status(zone=zone.id),
        subject=f"zone {zone.name}",
        key=(what[0], zone.id),
    )
