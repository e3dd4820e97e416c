"""Sheets of lycées: effects of a plan, and of a proposed change, for each head of lycée."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

from geozones.common.french import capital, listing, minutes, plural, ranged_minutes, typeset
from geozones.domain import Sector, Zone
from geozones.domain.places import Precision
from geozones.domain.teams import DAYS, NOBODY, TIS, MissedHalfDay, slot_name
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.dossier import SiteFact, SiteSheet
from geozones.export.file_parts import printable
from geozones.export.organisation import without_doubt
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.calendar import PLANNED, due
from geozones.workspace.maps.plan_scene import leaders

#: Drives that differ by less than this, in minutes, are told as the same.
_SAME_MIN = 1.0


def site_sheets(after: Study, before: Study | None, lycees: Iterable[str]) -> tuple[SiteSheet, ...]:
    """Return the sheets of some lycées (ids), sorted by town, then by name.

    ``before`` is the study of the plan that a proposal starts from.
    """
    sheets = [_sheet(after, before, lycee) for lycee in lycees]
    return tuple(sorted(sheets, key=lambda sheet: (sheet.town.casefold(), sheet.name.casefold())))


def _sheet(after: Study, before: Study | None, lycee_id: str) -> SiteSheet:
    now, then = _Site(after, lycee_id), None
    if before is not None and lycee_id in before.plan.zone_by_lycee:
        then = _Site(before, lycee_id)
    old = {} if then is None else then.facts
    return SiteSheet(
        lycee=lycee_id,
        name=printable(after.name(lycee_id)),
        town=printable(after.territory.lycees[lycee_id].commune),
        status=after.decisions.zone_text(now.zone.id),
        worse=() if then is None else _printed(_worse(then, now)),
        facts=tuple(SiteFact(key, value, old.get(key, "")) for key, value in now.facts.items()),
        presence=typeset(now.presence),
        cover=_printed(now.cover),
        dates=_printed(_dates(after, now.sector)),
        doubts=_printed(now.doubts),
    )


def _printed(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(typeset, lines))


@dataclass(frozen=True)
class _Site:
    """A lycée (id) in one plan."""

    study: Study
    lycee: str

    @cached_property
    def zone(self) -> Zone:
        return self.study.plan.zone_of(self.lycee)

    @cached_property
    def sector(self) -> Sector:
        return self.study.plan.sector_of(self.lycee)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Facts by label, in the order of the sheet."""
        study, centre = self.study, self.sector.support_centre
        sites = terms().site.plural
        status = study.decisions.sector(self.sector.id)
        others = (key for key in study.plan.members(self.zone.id) if key != self.lycee)
        found = {
            "Zone de continuité": printable(self.zone.name),
            "Secteur": f"{printable(self.sector.name)} ({status.label})",
            **{label: printable(leader) for label, leader in leaders(study, self.sector)},
            f"Autres {sites} de la zone": listing([self.named(key) for key in others]) or "aucun",
        }
        if centre is not None and centre != self.lycee:
            found[f"Trajet depuis {terms().support_centre.the}"] = self._drive(centre)
        if self.nearest is not None:
            found["Collègue le plus proche"] = (
                f"{self.named(self.nearest[0])}, {self._drive(self.nearest[0])}"
            )
        return found

    def named(self, lycee_id: str) -> str:
        """Return the name of a lycée (id)."""
        return printable(self.study.name(lycee_id))

    def _drive(self, origin: str) -> str:
        times, way = self.study.times, (origin, self.lycee)
        return ranged_minutes(
            times.one_way[origin][self.lycee],
            *times.interval(*way),
            estimated=times.is_estimated(*way),
        )

    @cached_property
    def nearest(self) -> tuple[str, float] | None:
        """The lycée of its zone that a colleague comes from the fastest, and the minutes."""
        return self.study.releve(self.lycee)

    @cached_property
    def visits(self) -> Counter[int]:
        """How many technicians are due on each half-day of the week."""
        posts = self.study.teams.of_zone(self.zone.id)
        return Counter(
            slot for post in posts for slot, cell in enumerate(post.cells) if cell == self.lycee
        )

    @cached_property
    def presence(self) -> str:
        if not self.visits:
            return ""
        text = f"{_slots(self.visits)} : {plural(self.visits.total(), 'demi-journée')} par semaine."
        return capital(text)

    @cached_property
    def missed(self) -> tuple[MissedHalfDay, ...]:
        """The half-days missed when each technician is away alone."""
        study = self.study
        team = study.analysis.covers.team(study.plan, study.teams, self.zone.id)
        return tuple(
            half_day
            for rank in range(len(team.posts))
            for slot in sorted(self.visits)
            if team.due(rank, slot) == self.lycee
            for half_day in team.cover(slot, 1 << rank)
        )

    @property
    def cover(self) -> Iterator[str]:
        """Say who comes when the technician of a half-day is away, and in how long."""
        came: dict[tuple[str, str | None], list[MissedHalfDay]] = {}
        for half_day in self.missed:
            came.setdefault((half_day.by, half_day.leaves), []).append(half_day)
        for (who, left), half_days in came.items():
            when = _slots(Counter(half_day.slot for half_day in half_days))
            away = f", qui quitte alors {self.named(left)}" if left else ""
            if who == NOBODY:
                alone = [each for each in half_days if not isfinite(each.minutes)]
                who_text = "Personne ne peut venir" if alone else "Un collègue est déjà sur place"
            else:
                name = capital(terms().sector_technician.singular)
                if who != TIS:
                    name = self.study.teams.label(self.study.plan, self.study.teams.post(who))
                longest = max(half_day.minutes for half_day in half_days)
                who_text = f"{printable(name)}, en {minutes(longest)} au plus"
            yield f"{who_text}{away} : {when}."
        if not self.visits and self.nearest is None:
            yield f"Aucun collègue dans la zone : {terms().site.the} y est seul."

    @property
    def doubts(self) -> Iterator[str]:
        """Sentences on what is still to be confirmed."""
        lycee = self.study.territory.lycees[self.lycee]
        if has_organisation() and self.sector.rns is None:
            yield "Le RNS du secteur n'est pas publié."
        if has_organisation() and self.sector.support_centre is None:
            yield worded("{The_support_centre} n'est pas publié.")
        if Precision(lycee.precision) is not Precision.ADDRESS:
            yield f"Position {Precision(lycee.precision).about}."
        if self.nearest is not None and self.study.times.is_estimated(self.nearest[0], self.lycee):
            yield f"Trajet estimé : {ESTIMATED_MEANS}."
        if not self.visits:
            yield "Les jours de présence ne sont pas encore définis."


def _slots(slots: Counter[int]) -> str:
    """Write half-days: ``lundi, mardi matin (2 présents)``; a whole day is its name alone."""
    parts = []
    for day, name in enumerate(DAYS):
        halves = [slot for slot in (2 * day, 2 * day + 1) if slots[slot]]
        counts = {slots[slot] for slot in halves}
        if len(halves) == 2 and len(counts) == 1:
            parts.append((name, counts.pop()))
        else:
            parts += [(slot_name(slot), slots[slot]) for slot in halves]
    return ", ".join(name if count == 1 else f"{name} ({count} présents)" for name, count in parts)


def _worse(then: _Site, now: _Site) -> Iterator[str]:
    """Say what is worse for a lycée than in the plan before."""
    if then.nearest is not None and now.nearest is None:
        yield f"Plus aucun collègue dans la zone ({then.named(then.nearest[0])} auparavant)."
    elif then.nearest is not None and now.nearest is not None:
        yield from _longer("Le collègue le plus proche est", then.nearest[1], now.nearest[1])
    if then.sector.rns and not now.sector.rns:
        yield f"Plus de RNS nommé ; c'était {then.sector.rns}."
    centres = [(site, site.sector.support_centre) for site in (then, now)]
    drives = [
        0.0 if centre == site.lycee else site.study.times.one_way[centre][site.lycee]
        for site, centre in centres
        if centre is not None
    ]
    if len(drives) == 2:
        yield from _longer(f"{capital(terms().support_centre.the)} est", *drives)
    if then.visits and now.visits.total() < then.visits.total():
        count = plural(now.visits.total(), "demi-journée")
        yield f"{count} de présence par semaine au lieu de {then.visits.total()}."


def _longer(what: str, before: float, after: float) -> Iterator[str]:
    if after > before + _SAME_MIN:
        yield f"{what} à {minutes(after)} au lieu de {minutes(before)}."


def _dates(study: Study, sector: Sector) -> Iterator[str]:
    """Say what the calendar plans for a sector."""
    calendar = study.atlas.calendar
    whom = {
        worded("{Whole_territory}"),
        "Secteurs expérimentaux" if sector.experimental else "Autres secteurs",
        f"Secteur {sector.name}",
    }
    found = [
        f"{without_doubt(step.heading)} : "
        f"{listing([without_doubt(printable(action)) for action in part.actions])}."
        for rank, step in enumerate(calendar)
        for part in due(study.plan, calendar, rank)
        if part.whom in whom
    ]
    yield from found
    if found:
        yield PLANNED
