"""What bears out that a row is a lycée: its code, its name, its commune."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from geozones.domain.folding import lookalike
from geozones.intake.codes import Code, Reading, near_codes, read_code, split_codes
from geozones.intake.directory import Directory, Entry
from geozones.intake.listing import Fields
from geozones.intake.names import SAME, SAME_TOWN, Words, likeness, same_town, words

#: How much better than the next one a lycée must fit to be the one, where no code says so.
MARGIN = 6.0
_SHORTEST_TOWN = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a row fits an entry, from 0 to 100; ``town`` is ``None`` where it says none."""

    entry: Entry
    name: float
    town: float | None

    @property
    def is_named(self) -> bool:
        """Whether the name is this one's."""
        return self.name >= SAME

    @property
    def is_there(self) -> bool:
        """Whether the commune is this one's."""
        return self.town is not None and self.town >= SAME_TOWN

    @property
    def score(self) -> float:
        """The name first, then the commune, from 0 to 100."""
        return 0.65 * self.name + 0.35 * (50.0 if self.town is None else self.town)


@dataclass(frozen=True)
class Evidence:
    """A row's fields, read against a directory."""

    fields: Fields
    code: Code
    others: tuple[Code, ...]
    named: Words
    town: str

    @classmethod
    def of(cls, fields: Fields, directory: Directory) -> "Evidence":
        """Read the fields of a row."""
        codes = [read_code(part, directory.by_code) for part in split_codes(fields.code)]
        town = lookalike(re.sub(r"\d{5}", " ", fields.commune))
        return cls(fields, codes[0], tuple(codes[1:]), words(fields.name), town)

    @property
    def coded(self) -> bool:
        """Whether the code is one of the directory's, as printed or by its one reading."""
        return self.code.reading in {Reading.EXACT, Reading.REPAIRED}

    def fit(self, entry: Entry) -> Fit:
        """Return how well the name and the commune fit an entry."""
        named = self.own_words(entry)
        name = max((likeness(named, known) for known in entry.variants), default=0.0)
        if not self.town and named and name < SAME:
            name = max(name, self._without_town(entry))
        return Fit(entry, name, self._town(entry))

    def own_words(self, entry: Entry) -> Words:
        """Return the words of the name; none where they only say the commune (« LEGTA Laval »).

        A lycée that has no other name than its commune's is known by it.
        """
        if "".join(self.named) in entry.towns and not entry.is_named_as_its_town:
            return ()
        return self.named

    def _without_town(self, entry: Entry) -> float:
        """Return the fit of the name where the commune was printed in the same cell."""
        whole = "".join(self.named)
        rests = [whole.removesuffix(town) for town in entry.towns if whole.endswith(town)]
        return max(
            (likeness((rest,), known) for rest in rests if rest for known in entry.variants),
            default=0.0,
        )

    def _town(self, entry: Entry) -> float | None:
        if not self.town:
            return self._town_in_name(entry)
        return max(same_town(self.town, town) for town in entry.towns)

    def _town_in_name(self, entry: Entry) -> float | None:
        whole = lookalike(self.fields.name)
        for town in entry.towns:
            if len(town) >= _SHORTEST_TOWN and whole.endswith(town):
                return 100.0
            if len(town) > 6 and fuzz.partial_ratio(town, whole) >= 92:
                return 92.0
            # « St Philbert » for Saint-Philbert-de-Grand-Lieu
            if len(whole) >= 8 and town.startswith(whole):
                return 90.0
        return None

    def near(self, directory: Directory) -> tuple[Entry, ...]:
        """Return the entries that an unreadable code is nearly one of."""
        if self.code.reading is not Reading.UNREADABLE:
            return ()
        codes = sorted(near_codes(self.code.printed, directory.codes))
        return tuple(dict.fromkeys(directory.by_code[code] for code in codes))

    def ranked(self, entries: Iterable[Entry]) -> list[Fit]:
        """Return the fits, best first."""
        return sorted(
            (self.fit(entry) for entry in entries),
            key=lambda fit: (-fit.score, fit.entry.id),
        )

    def there(self, directory: Directory, departement: str = "") -> list[Fit]:
        """Return the fits of the entries of this commune, the best name first."""
        inside: Iterable[Entry] = directory.at(self.town) if self.town else directory.entries
        fits = [
            self.fit(entry)
            for entry in inside
            if departement in {"", entry.commune.departement} and (self.town or self._town(entry))
        ]
        fits = [fit for fit in fits if fit.is_there]
        return sorted(fits, key=lambda fit: (-fit.name, fit.entry.id))

    def best(self, directory: Directory, departement: str = "") -> Fit | None:
        """Return the only entry that has both this name and this commune; ``None`` if several.

        A section that is on the site of a lycée to serve, under its name, is that lycée.
        """
        fits = [fit for fit in self.there(directory, departement) if fit.is_named]
        fits = [fit for fit in fits if fit.entry.served] or fits
        if not fits or (len(fits) > 1 and fits[0].name - fits[1].name < MARGIN):
            return None
        return fits[0]
