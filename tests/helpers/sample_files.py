"""Sample files of a generated journal, in the formats of GLPI and of people, marked as invented."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from geozones.domain.field_journal import Journal
from geozones.domain.terms import terms
from geozones.features.experiment.journal_file import INVENTED
from geozones.workspace.figures.study import Study
from helpers.sample_journal import SampleArea, sample_journal, school_days

__all__ = ["FILES", "sample_files", "sample_of", "school_days"]

#: Names of the files, in the order in which they are made.
FILES = ("interventions.csv", "absences.csv", "trajets.csv")


def sample_of(study: Study, sectors: Sequence[str], days: Sequence[date], seed: int) -> Journal:
    """Return a plausible journal of some sectors (ids) over working days.

    Needs come from the scenario; people are invented.
    """
    plan, lycees = study.plan, study.territory.lycees
    areas = []
    for key in sectors:
        sector = plan.sector(key)
        for zone in plan.zones_of(sector.id):
            members = plan.members(zone.id)
            needs = {lycee: study.teams.need(lycees[lycee]).half_days for lycee in members}
            if any(needs.values()):
                areas.append(SampleArea(zone.id, needs, sector.support_centre))
    ways = study.times.one_way
    return sample_journal(areas, days, lambda origin, destination: ways[origin][destination], seed)


def sample_files(study: Study, journal: Journal, seed: int) -> tuple[tuple[str, bytes], ...]:
    """Return the name and content of each file: semicolons, French titles, like GLPI's exports."""
    source, root = f"{INVENTED} (graine {seed})", str(terms().organisation)
    lycees = study.territory.lycees
    worked = (
        (
            row.ticket,
            _at(row.day, row.minute),
            " > ".join(filter(None, (root, lycees[row.lycee].commune, row.lycee))),
            row.person,
            f"Niveau {row.level}" if row.level else "",
            row.nature.value,
            "T.I.S." if row.tis else "T.I.P.",
            str(round(row.minutes * 60)) if row.minutes >= 0 else "",
            source,
        )
        for row in journal.interventions
    )
    away = ((row.person, _day(row.first), _day(row.last), source) for row in journal.absences)
    driven = (
        (
            _at(row.day, row.minute),
            row.person,
            row.origin,
            row.destination,
            f"{row.minutes:.1f}".replace(".", ","),
            source,
        )
        for row in journal.trips
    )
    tables: tuple[tuple[Sequence[str], Iterable[Sequence[str]]], ...] = (
        (
            (
                "ID", "Date d'ouverture", "Lieu", "Attribué à - Technicien", "Niveau", "Nature",
                "Profil", "Durée (s)", "Source",
            ),
            worked,
        ),
        (("Agent", "Premier jour", "Dernier jour", "Source"), away),
        (("Date", "Agent", "Départ", "Arrivée", "Durée (min)", "Source"), driven),
    )  # fmt: skip
    return tuple(
        (name, _csv(heads, rows)) for name, (heads, rows) in zip(FILES, tables, strict=True)
    )


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _at(day: date, minute: int) -> str:
    return f"{day.isoformat()} {minute // 60:02d}:{minute % 60:02d}"


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
