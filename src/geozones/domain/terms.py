"""Nouns that name the network (its sites, their size, who serves them), with their articles.

Another network has other nouns (`use_terms`); these are today's. A sentence takes them from here:
``f"{terms().site.no}"`` in a function, `worded` for a text kept in a constant.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import overload, override

from geozones.common.french import plural

_VOWELS = frozenset("aeiouyœæ")


@dataclass(frozen=True, slots=True)
class Noun:
    """French noun and its articles.

    ``feminine`` is its gender; ``elided`` says whether articles are elided before it, by default
    before a vowel (a mute « h » must be given); ``brief`` is its form for the head of a column,
    by default the noun.
    """

    singular: str
    plural: str
    feminine: bool = False
    elided: bool | None = None
    brief: str = ""

    @override
    def __str__(self) -> str:
        return self.singular

    @property
    def _is_elided(self) -> bool:
        if self.elided is not None:
            return self.elided
        return unicodedata.normalize("NFD", self.singular)[:1].casefold() in _VOWELS

    @property
    def the(self) -> str:
        """With its article: ``le lycée``, ``l'agence``."""
        if self._is_elided:
            return f"l'{self.singular}"
        return f"{'la' if self.feminine else 'le'} {self.singular}"

    @property
    def of(self) -> str:
        """After « de »: ``de lycée``, ``d'agence``."""
        return f"d'{self.singular}" if self._is_elided else f"de {self.singular}"

    @property
    def of_the(self) -> str:
        """After « de », with its article: ``du lycée``, ``de l'agence``."""
        return self._contracted("du", "de")

    @property
    def to_the(self) -> str:
        """After « à », with its article: ``au lycée``, ``à l'agence``."""
        return self._contracted("au", "à")

    def _contracted(self, masculine: str, preposition: str) -> str:
        if self.feminine or self._is_elided:
            return f"{preposition} {self.the}"
        return f"{masculine} {self.singular}"

    @property
    def a(self) -> str:
        """With its indefinite article: ``un lycée``, ``une agence``."""
        return f"un{self.e} {self.singular}"

    @property
    def of_a(self) -> str:
        """After « de », with it: ``d'un lycée``, ``d'une agence``."""
        return f"d'{self.a}"

    @property
    def this(self) -> str:
        """With its demonstrative: ``ce lycée``, ``cet hôtel``, ``cette agence``."""
        if self.feminine:
            return f"cette {self.singular}"
        return f"{'cet' if self._is_elided else 'ce'} {self.singular}"

    @property
    def no(self) -> str:
        """None of them: ``aucun lycée``, ``aucune agence``."""
        return f"aucun{self.e} {self.singular}"

    @property
    def of_plural(self) -> str:
        """After « de », in the plural: ``de lycées``, ``d'agences``."""
        return f"d'{self.plural}" if self._is_elided else f"de {self.plural}"

    @property
    def article(self) -> str:
        """Article that agrees with it, before another word: « Lycée le plus loin »."""
        return "la" if self.feminine else "le"

    @property
    def e(self) -> str:
        """End of an adjective or participle that agrees with it: « seul » + ``e``."""
        return "e" if self.feminine else ""

    @property
    def short(self) -> str:
        """For the head of a column: ``UAI``."""
        return self.brief or self.singular

    def counted(self, count: int) -> str:
        """Write a count of them: ``1 lycée``, ``5 lycées``."""
        return plural(count, self.singular, self.plural)

    def agreeing(self, masculine: str, feminine: str) -> str:
        """Return the form of an adjective that agrees with it: ``nouveau``, ``nouvelle``."""
        return feminine if self.feminine else masculine


@dataclass(frozen=True, slots=True)
class NetworkTerms:
    """Nouns of a network.

    Parameters
    ----------
    site, size, code
        What is served, the measure of its size, and its code in a directory.
    support_centre
        The site that the technicians of a sector start from.
    organisation
        Who publishes the plan.
    technician, proximity_technician, sector_technician
        Who serves the sites, in general; those with fixed days there; those of a whole sector.
    """

    site: Noun = Noun("lycée", "lycées")
    size: Noun = Noun("élève", "élèves")
    code: Noun = Noun("code UAI", "codes UAI", brief="UAI")
    support_centre: Noun = Noun("centre support", "centres support")
    organisation: Noun = Noun("Région", "Régions", feminine=True)
    technician: Noun = Noun("technicien", "techniciens")
    proximity_technician: Noun = Noun("T.I.P.", "T.I.P.", elided=False)
    sector_technician: Noun = Noun("T.I.S.", "T.I.S.", elided=False)


#: Words of today.
TODAY = NetworkTerms()
#: Forms of a noun that `worded` knows by name.
_FORMS = frozenset(
    {
        "the", "of", "of_the", "to_the", "a", "of_a", "this", "no", "of_plural", "article", "e",
        "short",
    }
)  # fmt: skip
_in_use = TODAY


def terms() -> NetworkTerms:
    """Return the nouns of the network of this process."""
    return _in_use


def use_terms(given: NetworkTerms) -> None:
    """Set the nouns of the network, for the whole process: before any sentence is written."""
    global _in_use  # noqa: PLW0603 - one network a process, as one data folder
    _in_use = given


def worded(text: str) -> str:
    """Write the nouns of a text of a constant: ``worded("{Site} le plus loin {of_the_site}")``.

    A name in braces is a term (``site``), its plural (``sites``), or a form and a term
    (``of_the_support_centre``, see `Noun`); with a capital, so is the word.
    """
    return text.format_map(_Words(_in_use)) if "{" in text else text


class _Words(Mapping[str, str]):
    """Words of terms by the names that `worded` knows."""

    def __init__(self, given: NetworkTerms) -> None:
        self._terms = given

    @override
    def __getitem__(self, name: str) -> str:
        key = name[0].lower() + name[1:]
        word = self._word(key)
        return word if key == name else word[0].upper() + word[1:]

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
    """Return the texts of some `Worded` fields of a record, before they are written."""
    return tuple(vars(instance)[f"_{name}"] for name in names)


class Worded:
    """Field of a dataclass that holds a text for `worded`, and reads as what it says."""

    def __init__(self, default: str | None = None) -> None:
        self._default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> str: ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: object | None, owner: type) -> str:
        """Return what the text says; the default text, of the class itself."""
        if instance is None:
            if self._default is None:
                raise AttributeError(self._name)
            return self._default
        return worded(instance.__dict__[self._name])

    def __set__(self, instance: object, value: str) -> None:
        """Keep the text as it was given."""
        instance.__dict__[self._name] = value
