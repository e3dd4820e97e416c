"""Exact interpretation of a table's cell as a place: code, name or position, without guessing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from geozones.common.errors import InputError, shortened
from geozones.common.folding import folded
from geozones.common.french import listing
from geozones.domain.coordinates import read_coordinates
from geozones.domain.terms import terms
from geozones.domain.uai import is_uai
from geozones.intake.similarity import Words, name_words
from geozones.travel.engine import Point
from geozones.travel.estimate import REACH_KM
from geozones.workspace.reachability.trips import km_to_lycees, point_of
from geozones.workspace.territory import Territory

_UAI = re.compile(r"\d{7}[A-Z]")
_INSEE = re.compile(r"(?:COMMUNE:)?(\d[\dAB]\d{3})")
#: Characters of a position, in capitals.
_POSITION = frozenset("0123456789 .,;/°'\"′″’”+-−NSEWO()\u00a0\u202f")
_BRACKETS = re.compile(r"(.*)\(([^()]*)\)")
#: Similarity, from 0 to 100, above which a name is suggested as the intended spelling.
_LIKELY = 80.0
_SHOWN = 4


class PlaceNames:
    """Index of a territory's lycées and communes by the names and codes that people write."""

    def __init__(self, territory: Territory) -> None:
        self._territory = territory
        self._codes = {
            code: lycee.id for lycee in territory.lycees.values() for code in lycee.associated_uais
        } | {key.upper(): key for key in territory.lycees}
        by_words: defaultdict[Words, dict[str, None]] = defaultdict(dict)
        for lycee in territory.lycees.values():
            for name in (lycee.name, lycee.published_name):
                by_words[name_words(name)][lycee.id] = None
        self._lycees: Mapping[Words, Iterable[str]] = by_words
        communes: defaultdict[str, list[str]] = defaultdict(list)
        for entry in territory.atlas.communes:
            communes[folded(entry.name)].append(entry.place)
        self._communes: Mapping[str, list[str]] = communes
        self._labels = {entry.place: entry.name for entry in territory.atlas.communes} | {
            key: territory.name(key) for key in territory.lycees
        }
        lycees = territory.lycees
        self._folded = {(key, label): folded(label) for key, label in self._labels.items()}
        self._folded |= {(key, ""): folded(lycee.name) for key, lycee in lycees.items()}

    def label(self, place: str) -> str:
        """Return the name of a place in a sentence."""
        return self._labels.get(place, place)

    def place(self, text: str) -> str:
        """Return the place that a text means, as `trip_between` takes it.

        The text is a UAI, ``commune:CODE``, an INSEE code, a position, the name of a lycée (with
        its commune in brackets if several share it) or of a commune.

        Raises
        ------
        InputError
            If the text means no place, or several.
        """
        code = text.strip().upper()
        if code in self._codes:
            return self._codes[code]
        insee = _INSEE.fullmatch(code)
        if insee:
            return self._commune_of(insee[1])
        if _UAI.fullmatch(code):
            why = (
                f"{terms().site.no} n'a ce code"
                if is_uai(code)
                else "la lettre de ce code est fausse"
            )
            msg = f"« {code} » : {why}."
            raise InputError(msg)
        if set(code) <= _POSITION and any(sign.isdecimal() for sign in code):
            return self._at(text)
        return self._named(text)

    def _commune_of(self, insee: str) -> str:
        place = f"commune:{insee}"
        if place not in self._territory.drives.communes:
            msg = f"« {insee} » n'est le code d'aucune commune du territoire."
            raise InputError(msg)
        return place

    def _at(self, text: str) -> str:
        spot = read_coordinates(text)
        if self._is_far((spot.lat, spot.lon)) and not self._is_far((spot.lon, spot.lat)):
            msg = (
                f"« {shortened(text)} » : latitude et longitude semblent inversées, écrivez "
                f"« {spot.lon:g},{spot.lat:g} »."
            )
            raise InputError(msg)
        place = f"{spot.lat},{spot.lon}"
        point_of(self._territory, place)
        return place

    def _is_far(self, point: Point) -> bool:
        return abs(point[0]) > 90 or km_to_lycees(self._territory, point) > REACH_KM

    def _named(self, text: str) -> str:
        brackets = _BRACKETS.fullmatch(text.strip())
        name, where = (brackets[1], folded(brackets[2])) if brackets else (text, "")
        lycees = [key for key in self._lycees.get(name_words(name), ()) if self._is_in(key, where)]
        communes = [
            place
            for place in self._communes.get(folded(name), ())
            if where in {"", self._departement(place)}
        ]
        if "lycee" in folded(name).split():
            communes = []
        elif communes:
            # « Luçon » is the commune, even if a lycée's name reduces to the same words
            lycees = [key for key in lycees if self._is_called(key, name)]
        found = [*lycees, *communes]
        if len(found) == 1:
            return found[0]
        raise InputError(self._several(text, found) if found else self._unknown(text))

    def _is_in(self, lycee: str, where: str) -> bool:
        """Tell whether brackets after a name fit a lycée: its commune, or brackets in its name."""
        entry = self._territory.lycees[lycee]
        return where in {"", folded(entry.commune)} or f"({where})" in entry.name.casefold()

    def _is_called(self, lycee: str, name: str) -> bool:
        return folded(self._territory.lycees[lycee].name) == folded(name)

    def _departement(self, place: str) -> str:
        return next(e.departement for e in self._territory.atlas.communes if e.place == place)

    def _several(self, text: str, found: list[str]) -> str:
        names = [f"{self.label(place)} ({place})" for place in found[:_SHOWN]]
        return f"« {shortened(text)} » désigne plusieurs lieux : écrivez le code, {listing(names)}."

    def _unknown(self, text: str) -> str:
        sentence = (
            f"« {shortened(text)} » n'est ni {terms().site.a}, ni une commune, ni une position"
        )
        likely = process.extractOne(
            folded(text), self._folded, scorer=fuzz.ratio, score_cutoff=_LIKELY
        )
        if likely is not None:
            place = likely[2][0]
            return f"{sentence} ; est-ce {self.label(place)} ({place}) ?"
        return f"{sentence} : écrivez {terms().code.a}, un code INSEE ou « latitude,longitude »."
