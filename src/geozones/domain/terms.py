"""Nouns that name the network (its sites, their size, who serves them), and their agreement.

The nouns in use are those of the territory that is open (`use_terms`). A sentence takes them from
here: ``f"{terms().site.no}"`` in a function, `worded` for a text kept in a constant.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import overload, override

from geozones.common.french import folded, plural

_VOWELS = frozenset("aeiouyœæ")


@dataclass(frozen=True, slots=True)
class Noun:
    """French noun and its articles.

    ``feminine`` is its gender: only an organisation and a territory may be feminine, so sentences
    agree with the others as they stand. ``brief`` is its form for the head of a column, by default
    the noun; ``adjective`` is said of all of them where a text presents the network.
    """

    singular: str
    plural: str
    feminine: bool = False
    brief: str = ""
    adjective: str = ""

    @override
    def __str__(self) -> str:
        return self.singular

    @property
    def _is_elided(self) -> bool:
        return unicodedata.normalize("NFD", self.singular)[:1].casefold() in _VOWELS

    @property
    def the(self) -> str:
        """Noun with its article: ``le lycée``, ``l'organisation``."""
        if self._is_elided:
            return f"l'{self.singular}"
        return f"{'la' if self.feminine else 'le'} {self.singular}"

    @property
    def of(self) -> str:
        """Noun after « de »: ``de lycée``, ``d'organisation``."""
        return f"d'{self.singular}" if self._is_elided else f"de {self.singular}"

    @property
    def of_the(self) -> str:
        """Noun after « de », with its article: ``du lycée``, ``de l'organisation``."""
        return self._contracted("du", "de")

    @property
    def to_the(self) -> str:
        """Noun after « à », with its article: ``au lycée``, ``à l'organisation``."""
        return self._contracted("au", "à")

    def _contracted(self, masculine: str, preposition: str) -> str:
        if self.feminine or self._is_elided:
            return f"{preposition} {self.the}"
        return f"{masculine} {self.singular}"

    @property
    def a(self) -> str:
        """Noun with its indefinite article: ``un lycée``, ``une région``."""
        return f"un{self.e} {self.singular}"

    @property
    def of_a(self) -> str:
        """Noun after « de », with its indefinite article: ``d'un lycée``, ``d'une région``."""
        return f"d'{self.a}"

    @property
    def no(self) -> str:
        """Noun with « aucun »: ``aucun lycée``, ``aucune région``."""
        return f"aucun{self.e} {self.singular}"

    @property
    def of_plural(self) -> str:
        """Plural after « de »: ``de lycées``, ``d'organisations``."""
        return f"d'{self.plural}" if self._is_elided else f"de {self.plural}"

    @property
    def whole(self) -> str:
        """Noun with « tout » and its article: ``toute la région``, ``tout le territoire``."""
        return f"tout{self.e} {self.the}"

    @property
    def e(self) -> str:
        """Ending of an adjective or participle that agrees with the noun: « seul » + ``e``."""
        return "e" if self.feminine else ""

    @property
    def short(self) -> str:
        """Short form for the head of a column: ``UAI``."""
        return self.brief or self.singular

    @property
    def presented(self) -> str:
        """Plural with its adjective, where a text presents the network: ``lycées publics``."""
        return f"{self.plural} {self.adjective}".strip()

    def counted(self, count: int) -> str:
        """Write a count of them: ``1 lycée``, ``5 lycées``."""
        return plural(count, self.singular, self.plural)


@dataclass(frozen=True, slots=True)
class NetworkTerms:
    """Nouns of a network."""

    site: Noun  # What is served, the measure of its size, and its code in a directory.
    size: Noun
    code: Noun
    support_centre: Noun  # The site that the technicians of a sector start from.
    organisation: Noun  # Who publishes the plan.
    territory: Noun  # The whole of the sectors.
    #: Who serves the sites, in general; those with fixed days there; those of a whole sector.
    technician: Noun
    proximity_technician: Noun
    sector_technician: Noun


#: Nouns of the lycées of Pays de la Loire.
LYCEES = NetworkTerms(
    site=Noun("lycée", "lycées", adjective="publics"),
    size=Noun("élève", "élèves"),
    code=Noun("code UAI", "codes UAI", brief="UAI"),
    support_centre=Noun("centre support", "centres support"),
    organisation=Noun("Région", "Régions", feminine=True),
    territory=Noun("région", "régions", feminine=True),
    technician=Noun("technicien", "techniciens"),
    proximity_technician=Noun("T.I.P.", "T.I.P."),
    sector_technician=Noun("T.I.S.", "T.I.S."),
)
#: Nouns of any other network.
SITES = NetworkTerms(
    site=Noun("site", "sites"),
    size=Noun("usager", "usagers"),
    code=Noun("code", "codes"),
    support_centre=Noun("site de rattachement", "sites de rattachement"),
    organisation=Noun("organisation", "organisations", feminine=True),
    territory=Noun("territoire", "territoires"),
    technician=Noun("technicien", "techniciens"),
    proximity_technician=Noun("technicien de proximité", "techniciens de proximité"),
    sector_technician=Noun("technicien de secteur", "techniciens de secteur"),
)
#: Nouns by the name that a manifest gives them.
WORDS: Mapping[str, NetworkTerms] = {"lycées": LYCEES, "sites": SITES}


#: Forms of a noun that `worded` knows by name.
_FORMS = frozenset(
    {"the", "of", "of_the", "to_the", "a", "of_a", "no", "of_plural", "short", "whole"}
)
#: Parts of a sentence that a territory without an organisation does not say.
_ASIDES = frozenset({"outside_sector_technicians", "no_decision"})
_in_use = LYCEES
_organised = True
#: Nouns of a block (`using_terms`), of its thread alone.
_of_block: ContextVar[NetworkTerms | None] = ContextVar("terms", default=None)


def terms() -> NetworkTerms:
    """Return the nouns of the network of this process, or of the block."""
    return _of_block.get() or _in_use


def use_terms(given: NetworkTerms, *, organised: bool = True) -> None:
    """Set the nouns of the network, for the whole process: before any sentence is written.

    ``organised`` is whether the territory says who runs it (`has_organisation`).
    """
    global _in_use, _organised
    _in_use, _organised = given, organised


def has_organisation() -> bool:
    """Return whether the territory says who runs it: RNS, support centres, T.I.S., a calendar.

    Where it does not, nothing that people read speaks of them.
    """
    return _organised


@contextmanager
def using_terms(given: NetworkTerms) -> Iterator[None]:
    """Set the nouns of the network for a block: a worker serves several networks at once."""
    token = _of_block.set(given)
    try:
        yield
    finally:
        _of_block.reset(token)


def worded(text: str) -> str:
    """Fill the network's nouns into a template: ``worded("{Site} le plus loin {of_the_site}")``.

    A name in braces is a term (``site``), its plural (``sites``), or a form and a term
    (``of_the_support_centre``, see `Noun`); a capital in the name gives one in the word. A name in
    capitals gives the argument of a command: ``{SITE}``, LYCEE. ``{outside_sector_technicians}`` is
    « , hors T.I.S. » and ``{no_decision}`` « , pas une décision de la Région »: both are empty
    without an organisation.
    """
    return text.format_map(_Words(terms())) if "{" in text else text


class _Words(Mapping[str, str]):
    """Words of terms by the names that `worded` knows."""

    def __init__(self, given: NetworkTerms) -> None:
        self._terms = given

    @override
    def __getitem__(self, name: str) -> str:
        if name.isupper():
            return folded(self._word(name.lower())).upper()
        if name in _ASIDES:
            return self._aside(name) if _organised else ""
        key = name[0].lower() + name[1:]
        word = self._word(key)
        return word if key == name else word[0].upper() + word[1:]

    def _aside(self, name: str) -> str:
        if name == "outside_sector_technicians":
            return f", hors {self._terms.sector_technician.plural}"
        return f", pas une décision {self._terms.organisation.of_the}"

    def _word(self, key: str) -> str:
        for field in fields(self._terms):
            noun: Noun = getattr(self._terms, field.name)
            if key in {field.name, f"{field.name}s"}:
                return noun.singular if key == field.name else noun.plural
            form = key.removesuffix(f"_{field.name}")
            if form in _FORMS:
                return str(getattr(noun, form))
        raise KeyError(key)

    @override
    def __iter__(self) -> Iterator[str]:
        return (field.name for field in fields(self._terms))

    @override
    def __len__(self) -> int:
        return len(fields(self._terms))


def as_given(instance: object, *names: str) -> tuple[str, ...]:
    """Return the templates of some `Worded` fields of a record, their nouns still in braces."""
    return tuple(vars(instance)[f"_{name}"] for name in names)


class Worded:
    """Descriptor of a dataclass field that holds a template for `worded`, and reads as its text."""

    def __init__(self, default: str | None = None) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> str: ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: object | None, owner: type) -> str:
        """Return the filled template; on the class, the default template."""
        if instance is None:
            if self._default is None:
                raise AttributeError(self._name)
            return self._default
        return worded(instance.__dict__[self._name])

    def __set__(self, instance: object, value: str) -> None:
        """Keep the text as it was given."""
        instance.__dict__[self._name] = value
