"""From a document to a report: rows recognised, repaired, left to the user, or refused."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from operator import itemgetter

from geozones.domain.folding import folded
from geozones.intake import headings
from geozones.intake.directory import Directory, Entry
from geozones.intake.documents import Note
from geozones.intake.evidence import Evidence
from geozones.intake.listing import Listing, Row
from geozones.intake.names import likeness, words
from geozones.intake.repairs import repairs_of
from geozones.intake.report import (
    LEAVE,
    NEW,
    Accepted,
    Decisions,
    Question,
    Rejected,
    Repair,
    Report,
)
from geozones.intake.walk import shown
from geozones.intake.weigh import (
    Doubt,
    Fresh,
    Match,
    Outside,
    Weighed,
    candidates,
    fresh_by_choice,
    weigh,
)

#: Refusing one of these leaves the row to the user: without it, the lycée is not known.
_ESSENTIAL = frozenset({"code", "commune", "departement"})
#: Rows in doubt beyond these come without candidates: finding them takes time.
_MOST_RANKED = 400
#: Lines above and below which a name may have run into.
_NEIGHBOURS = 10
#: A provisional key's signs after the département, and those that tell long ones apart.
_LONGEST_KEY, _MARK = 60, 8


def settle(listing: Listing, directory: Directory, decisions: Decisions | None = None) -> Report:
    """Judge every row of a list, under what the user decided.

    Pure: the same list, directory and decisions give the same report.
    """
    return _Settling(listing, directory, decisions or Decisions()).report()


class _Settling:
    def __init__(self, listing: Listing, directory: Directory, decisions: Decisions) -> None:
        self.listing, self.directory, self.decisions = listing, directory, decisions
        self.accepted: list[Accepted] = []
        self.repairs: list[Repair] = []
        self.refused: list[Repair] = []
        self.questions: list[Question] = []
        self.rejected: list[Rejected] = []
        self.notes: list[Note] = list(listing.notes)
        self.taken: dict[str, Accepted] = {}

    def report(self) -> Report:
        weighed = [(row, self._weighed(row)) for row in self.listing.rows]
        matched = [(row.line, found.entry) for row, found in weighed if isinstance(found, Match)]
        for row, found in weighed:
            self._take(row, found, matched)
        self._headings()
        self._empty_zones()
        centres, rns = self._leaders()
        return Report(
            self.listing,
            tuple(self.accepted),
            tuple(sorted(self.repairs, key=lambda repair: repair.row)),
            tuple(sorted(self.questions, key=lambda question: question.row)),
            tuple(sorted(self.rejected, key=lambda row: row.row)),
            tuple(sorted(self.notes, key=lambda note: note.row)),
            tuple(self.refused),
            centres,
            rns,
        )

    # -- rows --------------------------------------------------------------------------------------

    def _weighed(self, row: Row) -> Weighed:
        choice = self.decisions.chosen.get(row.line)
        evidence = Evidence.of(row.readings[0], self.directory)
        if choice == LEAVE:
            return Outside("Laissée de côté à votre demande.")
        if choice == NEW:
            fresh = fresh_by_choice(evidence, self.directory)
            return fresh or Doubt(evidence, "Nouveau lycée : sa commune n'est pas reconnue.")
        entry = self.directory.by_id.get(choice or "")
        if entry is not None:
            return Match(row.readings[0], evidence, entry, "votre choix")
        return weigh(row, self.directory)

    def _take(self, row: Row, found: Weighed, matched: list[tuple[int, Entry]]) -> None:
        text = shown(row.text)
        if isinstance(found, Outside):
            self.rejected.append(Rejected(row.line, found.why, text))
        elif isinstance(found, Doubt):
            self._ask(row, found)
        elif isinstance(found, Match):
            self._match(row, found, matched)
        else:
            self._fresh(row, found)

    def _ask(self, row: Row, doubt: Doubt) -> None:
        few = len(self.questions) < _MOST_RANKED
        likely = candidates(doubt, self.directory) if few else ()
        question = Question(row.line, shown(row.text), doubt.why, likely, doubt.may_be_new)
        self.questions.append(question)

    def _match(self, row: Row, match: Match, matched: list[tuple[int, Entry]]) -> None:
        entry = match.entry
        repairs = repairs_of(row.line, match, _around(row.line, matched))
        chosen = row.line in self.decisions.chosen
        no = [repair for repair in repairs if repair.key in self.decisions.refused and not chosen]
        self.refused += no
        if any(repair.field in _ESSENTIAL for repair in no):
            self._ask(row, Doubt(match.evidence, "Vous avez refusé la réparation.", (entry,)))
            return
        printed = match.fields.name
        kept = {repair.field for repair in no}
        self._add(
            row,
            Accepted(
                row.line,
                entry.id,
                entry.codes[:1] if "uai_associes" in kept else entry.codes,
                printed if "nom" in kept else entry.name,
                printed,
                entry.commune.name,
                entry.commune.insee,
                entry.commune.departement,
                row.zone,
                address=match.fields.address,
                postcode=match.fields.postcode,
                point=_point(match.fields.lat, match.fields.lon),
            ),
            [repair for repair in repairs if repair not in no],
        )

    def _fresh(self, row: Row, fresh: Fresh) -> None:
        fields, commune = fresh.fields, fresh.commune
        key = fresh.uai or self._provisional(commune.departement, fields.name, commune.name)
        repairs = []
        if not fresh.uai:
            why = "Ligne sans code, absente de l'annuaire : clé provisoire, à remplacer."
            repairs = [Repair(row.line, "code", fields.code, key, why)]
        no = [repair for repair in repairs if repair.key in self.decisions.refused]
        if no and row.line not in self.decisions.chosen:
            self.refused += no
            evidence = Evidence.of(fields, self.directory)
            self._ask(row, Doubt(evidence, "Vous avez refusé la clé provisoire.", may_be_new=True))
            return
        accepted = Accepted(
            row.line,
            key,
            (fresh.uai,) if fresh.uai else (),
            fields.name,
            fields.name,
            commune.name,
            commune.insee,
            commune.departement,
            row.zone,
            known=False,
            address=fields.address,
            postcode=fields.postcode,
            point=_point(fields.lat, fields.lon),
        )
        self._add(row, accepted, repairs)

    def _provisional(self, departement: str, name: str, commune: str) -> str:
        said = name if folded(commune) in folded(name) else f"{name} {commune}"
        slug = re.sub(r"[^a-z0-9]+", "-", folded(said)).strip("-")
        if len(slug) > _LONGEST_KEY:  # two long names may begin alike
            mark = sha256(slug.encode()).hexdigest()[:_MARK]
            slug = f"{slug[: _LONGEST_KEY - _MARK - 1].rstrip('-')}-{mark}"
        return f"X{departement}-{slug}"

    def _add(self, row: Row, accepted: Accepted, repairs: list[Repair]) -> None:
        first = self.taken.get(accepted.id)
        if first is None:
            self.taken[accepted.id] = accepted
            self.accepted.append(accepted)
            self.repairs += repairs
            return
        if first.zone == accepted.zone:
            what = f"{accepted.name} est déjà ligne {first.row}, même zone : compté une fois."
            self.notes.append(Note(row.line, what))
            return
        where = "avant toute zone" if first.zone is None else f"dans la zone {first.zone + 1}"
        why = f"{accepted.name} est déjà ligne {first.row}, {where} : gardez une des deux lignes."
        self.questions.append(Question(row.line, shown(row.text), why))

    # -- zones and sectors -------------------------------------------------------------------------

    def _headings(self) -> None:
        for cut in self.listing.cut:
            why = "Titre coupé : il commence quand même une zone."
            self.repairs.append(Repair(cut.line, "zone", cut.printed, headings.ZONE, why))

    def _empty_zones(self) -> None:
        used = {row.zone for row in self.listing.rows}
        for zone in self.listing.zones:
            if zone.rank not in used:
                name = f" « {zone.name} »" if zone.name else ""
                self.notes.append(Note(zone.line, f"Zone{name} sans lycée : elle n'est pas créée."))

    def _leaders(self) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """Give each sector of the tables its RNS and its support centre, by name."""
        centres: dict[int, str] = {}
        rns: dict[int, str] = {}
        for leader in self.listing.leaders:
            sector = max(
                self.listing.sectors,
                key=lambda entry: likeness(words(leader.sector), words(entry.name)),
                default=None,
            )
            if sector is None:
                continue
            rns[sector.rank] = leader.rns
            zones = {zone.rank for zone in self.listing.zones if zone.sector == sector.rank}
            inside = [
                self.directory.by_id[row.id]
                for row in self.accepted
                if row.zone in zones and row.known
            ]
            named = words(leader.centre)
            fits = sorted(
                (
                    (max(likeness(named, known) for known in entry.variants), entry.id)
                    for entry in inside
                ),
                reverse=True,
            )
            if fits and fits[0][0] >= 80:
                centres[sector.rank] = fits[0][1]
            elif leader.centre:
                what = f"Centre support « {leader.centre} » : aucun lycée du secteur n'a ce nom."
                self.notes.append(Note(leader.row, what))
        return centres, rns


def _around(line: int, matched: Sequence[tuple[int, Entry]]) -> Sequence[tuple[int, Entry]]:
    """Return the rows near a line, whose names a bad cut may have mixed; by line, in order."""
    first = bisect_left(matched, line - _NEIGHBOURS, key=itemgetter(0))
    last = bisect_right(matched, line + _NEIGHBOURS, key=itemgetter(0))
    return matched[first:last]


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    """Return the position that two cells give, in degrees; ``None`` where they give none."""
    try:
        found = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        return None
    return found if -90 <= found[0] <= 90 and -180 <= found[1] <= 180 else None


def with_choice(decisions: Decisions, row: int, choice: str | None) -> Decisions:
    """Return the decisions with one row's answer set, or taken back."""
    chosen = {line: kept for line, kept in decisions.chosen.items() if line != row}
    return replace(decisions, chosen=chosen if choice is None else {**chosen, row: choice})
