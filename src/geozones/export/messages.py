"""Messages of files: titles, effect of a change, alternative texts of maps, sentences of figures.

The message of a change is the title of the pages and slides of a change, and the first thing that a
reader sees. A duration that contains an estimated drive is marked by words, or by a star where
space is short.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from geozones.common.french import (
    NBSP,
    capital,
    in_words,
    inside,
    listing,
    minutes,
    of,
    plural,
    typeset,
)
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.dossier import (
    AreaDrive,
    Dossier,
    Moved,
    PlanComparison,
    PlanInView,
    PointRow,
    SectorRow,
    ZoneRow,
)
from geozones.metrics import Change, metric, metric_registry, number_of, written
from geozones.metrics.metric_changes import FigureEffect, change_text, effect_on, short_text
from geozones.metrics.metric_registry import VIGILANCE, watch_list

#: Most lycées named in one sentence.
_NAMED = 4


def of_moves(moves: Sequence[Moved]) -> str:
    """Return how many lycées change zone, come and go: ``2 lycées changent de zone``."""
    come, go = sum(not move.before for move in moves), sum(not move.after for move in moves)
    one, more, e = terms().site.singular, terms().site.plural, terms().site.e
    parts = (
        (len(moves) - come - go, f"{one} change de zone", f"{more} changent de zone"),
        (come, f"{one} est ajouté{e}", f"{more} sont ajouté{e}s"),
        (go, f"{one} est retiré{e}", f"{more} sont retiré{e}s"),
    )
    return listing([plural(count, single, several) for count, single, several in parts if count])


def rows_of_moves(
    dossier: Dossier, comparison: PlanComparison
) -> Iterator[tuple[Moved, tuple[str, ...]]]:
    """Yield each lycée that moves with its row, under the sector that it is in after.

    A row has the sector with its status, where it begins; the lycée; its zones before and after.
    """
    sectors = {row.name: f"{row.name} ({row.status_text})" for row in dossier.sectors}
    # the status of a zone that differs from its sector's
    apart = {
        zone.name: f"{zone.name} ({zone.status.label})"
        for row in dossier.sectors
        for zone in row.zones
        if zone.status is not row.status
    }
    before = ""
    for move in sorted(comparison.moves, key=lambda move: move.sector):
        sector = "" if move.sector == before else sectors.get(move.sector, move.sector)
        yield (
            move,
            (sector, move.lycee, move.before or "—", apart.get(move.after, move.after) or "—"),
        )
        before = move.sector


def what_changes(comparison: PlanComparison) -> list[str]:
    """Return all that differs between two plans, a sentence for each zone that lycées join.

    Moves to one zone for one reason are told together, then what else changes.
    """
    joined: dict[tuple[str, str, str], list[str]] = {}
    single: list[str] = []
    for move in comparison.moves:
        if not move.before:
            single.append(f"{move.lycee} est ajouté à {move.after}.")
        elif not move.after:
            single.append(f"{move.lycee} est retiré {of(move.before)}.")
        else:
            sector = move.sector if move.changes_sector else ""
            joined.setdefault((move.after, sector, move.why), []).append(move.lycee)
    lines = [_joining(lycees, *place) for place, lycees in joined.items()]
    return [typeset(line) for line in (*lines, *single, *comparison.others)]


def without_rns(comparison: PlanComparison) -> list[str]:
    """Return who has no RNS any more, a sentence for each RNS that they had."""
    return [
        f"{who} {"n'ont" if len(names) > 1 else "n'a"} plus de RNS nommé ; c'était {rns}."
        for rns, names in comparison.without_rns.items()
        for who in (listing(names) if len(names) <= _NAMED else terms().site.counted(len(names)),)
    ]


def named_later(count: int) -> str:
    """Return what stands for the numbers of so many zones that a map has no room for them."""
    return f"{count} zones changent, nommées plus loin."


def _joining(lycees: Sequence[str], zone: str, sector: str, why: str) -> str:
    verb = "rejoint" if len(lycees) == 1 else "rejoignent"
    where = f", dans un autre secteur : {sector}" if sector else ""
    text = f"{listing(lycees)} {verb} la zone {zone}{where}"
    return f"{text} ; raison : {why.removesuffix('.')}." if why else f"{text}."


def of_sources(dossier: Dossier) -> list[str]:
    """Return the sources, and the identity of the plan."""
    site = terms().site
    lines = [
        f"Plan : {dossier.version.full_name}.",
        *dossier.sources,
        f"Durées en minutes, {site.of} à {site} ; entre deux collègues, moyenne des deux sens.",
        f"Un trajet est « estimé » quand {ESTIMATED_MEANS}.",
    ]
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        lines.append(f"Sans position, donc absents des cartes : {names}.")
    return lines


type Shown = PlanInView | SectorRow | ZoneRow
"""Object with metrics that knows which of them depend on an estimated drive."""

_MEAN, _LONGEST = "mean_minutes", "max_minutes"
_STAR = f"{NBSP}*"  # a line never ends before it


def guess_of(shown: Shown, key: str) -> str:
    """Return the mark of a metric (key): « estimé » for a single drive, else that it is in part.

    Empty if it contains no estimated drive.
    """
    if key not in shown.guessed:
        return ""
    return "estimé" if metric(key).lycees else shown.estimate_mark


def mean_and_longest(shown: Shown) -> tuple[str, str]:
    """Write the mean and the longest drive to a minute, with a star if estimated."""
    mean, longest = written(shown.values, _MEAN, 0), written(shown.values, _LONGEST)
    return mean + _STAR * (_MEAN in shown.guessed), longest + _STAR * (_LONGEST in shown.guessed)


#: Names of sectors that are départements, which take « en ».
_DEPARTEMENTS = frozenset({"Loire-Atlantique", "Maine-et-Loire", "Mayenne", "Sarthe", "Vendée"})


#: Title of the feedback on a plan, in every format.
FEEDBACK_TITLE = "Avis des établissements"


def in_sector(name: str) -> str:
    """Write the place of a sector: ``En Mayenne``, ``Secteur Nantes``."""
    return f"En {name}" if name in _DEPARTEMENTS else f"Secteur {name}"


def of_sector(dossier: Dossier, sector: SectorRow) -> str:
    """Return which zones of a sector are too wide: « En Mayenne, deux zones dépassent… »."""
    where = in_sector(sector.name)
    joint = "," if where.startswith("En ") else " :"
    return f"{where}{joint} {_too_far(dossier, sector.zones)}"


def of_region(dossier: Dossier) -> str:
    """Return which zones in view are too wide."""
    text = _too_far(dossier, dossier.zones)
    return text[0].upper() + text[1:]


def _too_far(dossier: Dossier, zones: tuple[ZoneRow, ...]) -> str:
    known = [zone for zone in zones if zone.lycees]
    drives = (number_of(zone.values["max_minutes"]) for zone in known)
    longest = [value for value in drives if value is not None]
    far = [value for value in longest if value > dossier.threshold]
    limit = f"{round(dossier.threshold)}{NBSP}minutes"
    if not known:
        return terms().site.no
    if dossier.basis and longest:  # no rule on minutes is judged
        return f"{round(max(longest))}{NBSP}minutes au plus entre collègues, {dossier.basis}"
    if not far:
        return f"aucune zone ne dépasse {limit}"
    if len(known) == 1:
        return f"la zone dépasse {limit}"
    verb = "dépasse" if len(far) == 1 else "dépassent"
    noun = "zone" if len(far) == 1 else "zones"
    many = f" sur {len(known)}" if len(known) > 6 else ""
    return f"{in_words(len(far), feminine=True)} {noun}{many} {verb} {limit}"


def of_figures(worse: int, better: int, place: str = "") -> str:
    """Return how many figures get worse and better: ``Six chiffres sont moins bons…``.

    ``place`` says where, if not in the whole territory: « dans le secteur Nantes ».
    """
    if place:
        return f"{capital(place)}, {inside(of_figures(worse, better))}"
    if not worse and not better:
        return "Aucun chiffre ne change nettement"
    if not worse:
        return f"{_figures(better)} {_are(better, 'meilleur')}"
    text = f"{_figures(worse)} {_are(worse, 'moins bon')}"
    if not better:
        return f"{text}, aucun n'est meilleur"
    other = in_words(better)
    return f"{text}, {other} {_are(better, 'meilleur')}"


def _figures(count: int) -> str:
    words = in_words(count)
    return f"{words.capitalize()} chiffre{'' if count == 1 else 's'}"


def _are(count: int, quality: str) -> str:
    return f"est {quality}" if count == 1 else f"sont {quality}s"


def of_alerts(comparison: PlanComparison, points: Iterable[PointRow]) -> str:
    """Return the numbers of points to watch before and after."""
    before, after = watch_list(comparison.earlier.points).count, watch_list(points)
    if before == after.count:
        return f"{after.text}, comme avant"
    return f"{after.text}{',' if after.doubt else ''} au lieu de {before}"


_MOST = 8


def alt_of_region(dossier: Dossier) -> str:
    """Describe the map of several sectors: zones, status and changes of each."""
    lines = [f"Carte {terms().territory.of_the}, un secteur par couleur."]
    lines += [
        f"{row.name} ({row.status_text}) : {plural(len(_zones(row)), 'zone')}, "
        f"{terms().site.counted(len(row.lycees))}."
        for row in dossier.sectors
        if row.lycees
    ]
    return " ".join(lines + _signs(dossier.sectors))


def alt_of_sector(sector: SectorRow) -> str:
    """Describe the map of a sector: its numbered zones, their lycées and distances."""
    lines = [f"Carte du secteur {sector.name} ({sector.status_text}), une zone par couleur."]
    for zone in _zones(sector):
        names = [lycee.name for lycee in zone.lycees]
        shown = listing(names) if len(names) <= _MOST else terms().site.counted(len(names))
        if zone.farthest is not None:
            longest = metric_registry.written(zone.values, "max_minutes", 0)
            shown = f"{shown} ; {longest} au plus, entre {listing(zone.farthest)}"
        lines.append(f"Zone {zone.number}, {zone.name} : {shown}.")
    if sector.support_centre:
        lines.append(f"L'étoile est {terms().support_centre.the}, {sector.support_centre}.")
    return " ".join(lines + _signs([sector]))


def alt_of_pair(comparison: PlanComparison, after: str) -> str:
    """Describe the two maps of a comparison: the lycées that move, and where."""
    first = f"Deux cartes de la partie qui change, de même étendue : {comparison.before.name} à "
    lines = [f"{first}gauche, {after} à droite."]
    lines += [
        f"{move.lycee}, en jaune, est à gauche dans {move.before or 'aucune zone'} et à droite "
        f"dans {move.after or 'aucune zone'}."
        for move in comparison.moves[:_MOST]
    ]
    if len(comparison.moves) > _MOST:
        site = terms().site
        others = plural(len(comparison.moves) - _MOST, f"autre {site}", f"autres {site.plural}")
        lines.append(f"Et {others}.")
    return " ".join(lines)


def _zones(sector: SectorRow) -> list[ZoneRow]:
    return [zone for zone in sector.zones if zone.lycees]


def _signs(sectors: Iterable[SectorRow]) -> list[str]:
    """Explain the hatchings and dashes that the map has."""
    zones = [(sector.name, zone) for sector in sectors for zone in sector.zones]
    lines = []
    drafts = dict.fromkeys(name for name, z in zones if z.status is DecisionStatus.DRAFT)
    if drafts:
        lines.append(f"Hachures, brouillon de l'outil : {listing(list(drafts))}.")
    changed = [zone.name for _, zone in zones if zone.changed]
    if changed:
        lines.append(f"Tirets, zones modifiées : {listing(changed)}.")
    return lines


#: Areas whose longest drive is told.
_AREAS = 2
#: Figures of the title.
_TITLE = ("road_hours", "unattended_hours")
_CLEAR = (FigureEffect.WORSE, FigureEffect.BETTER)
_NOTHING = "Aucun chiffre ne change."


@dataclass(frozen=True, slots=True)
class ChangeMessage:
    """Message of a change."""

    #: Net effect in one line, without a full stop: lycées that move, hours on the road and without
    #: anyone, posts.
    title: str
    #: Where posts change, in a sentence; empty if none do.
    posts: str
    #: All the figures that tell a change, in a sentence per effect.
    figures: tuple[str, ...]
    #: How many points to watch are new, worse and lifted, in a sentence; empty if none are.
    points: str
    #: The figures that the title does not tell, for a narrow page.
    short: tuple[str, ...]
    #: The road of T.I.S. where a lycée changes sector, in a sentence; else empty.
    tis: str
    #: Longest drives, and lycées without an RNS, each in a sentence; empty if none changes.
    drives: str
    without_rns: str
    #: Effect on the whole plan, in a sentence, if the view is a part of it; else empty.
    whole: str
    #: Judgement of the tool on the whole plan, or why it does not judge, in a sentence.
    verdict: str

    @property
    def brief(self) -> tuple[str, ...]:
        """The same on a narrow page: what gets worse, what gets better, the rest in one paragraph.

        Posts that the title does not name come first.
        """
        posts = "" if self.posts.removesuffix(".") in self.title else self.posts
        worse, better = (
            [line for line in self.short if line.startswith(typeset(effect))] for effect in _CLEAR
        )
        rest = [line for line in self.short if line not in (*worse, *better)]
        rest += (self.tis, self.drives, self.whole)
        paragraphs = ([f"{self.title}."], [posts], [*worse, self.without_rns], better, rest)
        return tuple(filter(None, (" ".join(filter(None, lines)) for lines in paragraphs)))


def message_of(comparison: PlanComparison) -> ChangeMessage:
    """Return what a change does: its net effect, all its figures, and what else it does.

    The title of a change without an effect describes the change itself.
    """
    title = _net(comparison) or _itself(comparison)
    alone = [move for move in comparison.moves if not (move.before and move.after)]
    if counted := of_moves(alone):  # figures of other lycées are not an effect
        title = f"{counted} ; {inside(title)}"
    points = comparison.points.sentence if comparison.points.counted else ""
    left = sum(map(len, comparison.without_rns.values()))
    without_rns = f"Sans RNS nommé désormais : {terms().site.counted(left)}" if left else ""
    # what the change does to the whole plan, if the view is a part of it
    whole = comparison.region
    if whole is None:
        region = ""
    else:
        region = f"Pour {terms().territory.whole} : {whole.in_short} ; {whole.verdict}"
    if comparison.region is not None:
        verdict_text = comparison.region.conclusion
    else:
        verdict_text = comparison.change.conclusion if comparison.changed_figures else _NOTHING
    return ChangeMessage(
        typeset(title.removesuffix(".")),
        typeset(comparison.change.posts),
        tuple(map(typeset, comparison.by_effect)),
        typeset(points),
        tuple(map(typeset, _short(comparison))),
        typeset(comparison.change.tis),
        _ended(_drives(comparison.drives)),
        _ended(without_rns),
        _ended(region),
        typeset(verdict_text),
    )


def _ended(line: str) -> str:
    """Return a line with its full stop; nothing for none."""
    return typeset(f"{line.removesuffix('.')}.") if line else ""


def _short(comparison: PlanComparison) -> Iterator[str]:
    """Yield the figures that the title does not tell, with the counts of points beside theirs."""
    counted = comparison.points.counted
    by_key = {each.metric.key: each for each in comparison.headline}
    watched = short_text(by_key[VIGILANCE.key])
    left = tuple(
        each
        for each in comparison.headline
        if each.metric.key not in _TITLE or effect_on(each) is FigureEffect.SAME
    )
    for said in replace(comparison.change, figures=left).by_effect_in_short.values():
        yield said.replace(watched, f"{watched} ({counted})") if counted else said


def _net(comparison: PlanComparison) -> str:
    """Say who changes zone, then posts if they differ, hours on the road and without anyone.

    What gets worse comes before what gets better. Empty without an effect.
    """
    figures = {change.metric.key: change for change in comparison.headline}
    told = sorted(
        (figures[key] for key in _TITLE if effect_on(figures[key]) is not FigureEffect.SAME),
        key=lambda change: change.better is not False,
    )
    posts = comparison.change.posts.removesuffix(".")
    if not told and not posts:
        return ""
    hours = ", ".join(map(_more_or_less, told))
    parts = [comparison.located(f"{hours} par an")] if told else []
    whole = comparison.region or comparison.change
    either = (*comparison.headline, *whole.figures)  # posts may change out of view alone
    if not any(each.has_difference for each in either if each.metric.key == "posts"):
        parts.append("aucun poste de plus")
    elif (count := len(posts.split(" ; "))) == 1:
        parts.insert(0, inside(posts))
    else:
        parts.insert(0, f"les postes changent à {in_words(count)} endroits")
    effect = ", ".join(parts)
    moved = sum(bool(move.before and move.after) for move in comparison.moves)
    if not moved:
        return capital(effect)
    site = terms().site
    who = f"{site.singular} change" if moved == 1 else f"{site.plural} changent"
    return f"{capital(in_words(moved))} {who} de zone : {effect}"


def _more_or_less(change: Change) -> str:
    """Write a change of hours: ``91 heures de route de plus``."""
    difference = change.rounded_difference(0) or 0
    if not math.isfinite(difference):
        return change_text(change)
    noun = inside(change.metric.short).removeprefix("heures ")
    way = "de plus" if difference > 0 else "de moins"
    text = f"{plural(abs(round(difference)), 'heure')} {noun} {way}"
    return text if effect_on(change) in _CLEAR else f"{text} (dans la marge d'erreur)"


def _drives(drives: Sequence[AreaDrive]) -> str:
    """Say how the longest drive changes in the areas where it changes most, each way first."""
    clear = [drive for drive in drives if effect_on(drive.change) in _CLEAR]
    ranked = sorted(clear, key=lambda drive: -abs(drive.change.difference or 0))
    each_way = {effect_on(drive.change): drive for drive in reversed(ranked)}
    told = [drive for drive in ranked if drive in each_way.values()]
    told += islice((drive for drive in ranked if drive not in told), _AREAS - len(told))
    if not told:
        return ""
    first, *others = ((drive.place, _from_to(drive.change)) for drive in told)
    text = f"{capital(first[0])}, le plus long trajet passe {first[1]}"
    return "".join((text, *(f" ; {place}, {way}" for place, way in others)))


def _from_to(change: Change) -> str:
    """Write both values: ``de 74 à 33 min``; with a decimal where they would look the same."""
    digits = 0 if change.rounded_difference(0) else change.metric.format.compared_digits
    before, after = (minutes(value, digits) for value in (change.before, change.after))
    unit = f"{NBSP}min"
    return f"de {before.removesuffix(unit) if after.endswith(unit) else before} à {after}"


def _itself(comparison: PlanComparison) -> str:
    """Describe a change that changes no figure."""
    if any(move.before and move.after for move in comparison.moves):
        return f"{of_moves(comparison.moves)}, sans effet mesurable"
    if not comparison.others:
        return "Aucun changement"
    rest = len(comparison.others) - 1
    also = f" ; {plural(rest, 'autre changement', 'autres changements')}" if rest else ""
    return comparison.others[0].removesuffix(".") + also
