"""Presenter's notes of a deck, made once: sentences to say at each slide, then its figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geozones.common.french import capital, in_words, listing, plural
from geozones.domain.terms import terms
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export import messages, sentences
from geozones.export.dossier import NOT_COUNTED, Dossier, SectorRow, Step
from geozones.export.messages import message_of
from geozones.metrics.metric_registry import watch_list

_MOST = 3


@dataclass(frozen=True, slots=True)
class SlideNotes:
    """Notes of a slide: a few sentences to say, then figures."""

    spoken: Sequence[str]
    figures: Sequence[str] = ()

    @property
    def continued(self) -> "SlideNotes":
        """The same for the slides that follow: without the first sentence."""
        return SlideNotes(self.spoken[1:], self.figures)


@dataclass(frozen=True, slots=True)
class Speech:
    """Notes of the slides of a deck, by part; ``sectors`` by sector (id).

    ``finding``, ``moves``, ``figures`` and ``alerts`` are empty without a change.
    """

    opening: SlideNotes
    region: SlideNotes
    finding: SlideNotes
    moves: SlideNotes
    figures: SlideNotes
    alerts: SlideNotes
    sectors: Mapping[str, SlideNotes]
    points: SlideNotes
    calendar: SlideNotes
    feedback: SlideNotes
    decision: SlideNotes
    sources: SlideNotes


def speech_of(dossier: Dossier) -> Speech:
    """Make the notes of all slides about a dossier."""
    region = sentences.of_region(dossier)
    finding, moves, figures, alerts = _of_change(dossier)
    return Speech(
        opening=SlideNotes(_opening(dossier), region),
        region=SlideNotes(_region(dossier), region),
        finding=finding,
        moves=moves,
        figures=figures,
        alerts=alerts,
        sectors={
            sector.id: SlideNotes(_sector(dossier, sector), sentences.of_sector(dossier, sector))
            for sector in dossier.sectors
            if sector.lycees
        },
        points=SlideNotes(_points(dossier), _listed(dossier)),
        calendar=_calendar(dossier),
        feedback=SlideNotes(_feedback(dossier), dossier.feedback),
        decision=SlideNotes(_decision(dossier), [*dossier.asked, *dossier.reasons]),
        sources=SlideNotes(_sources(dossier), sentences.of_sources(dossier)),
    )


def _opening(dossier: Dossier) -> list[str]:
    """Return the announcement of the content."""
    shown = f"« {dossier.version.name} »"
    text = "ce qui change, " if dossier.comparison is not None else ""
    what = f"{terms().territory.the}, " if len(dossier.sectors) > 1 else ""
    if dossier.asked:
        end = f"À la fin, une question vous est posée : {dossier.asked[0][0].lower()}"
        end += dossier.asked[0][1:]
    else:
        end = "À la fin, les sources de chaque chiffre."
    subject = f"l'organisation de l'assistance informatique des {terms().site.plural}"
    return [
        f"Bonjour, voici {subject} : {shown}.",
        f"Nous verrons {what}{text}les zones de continuité et les points de vigilance.",
        end,
    ]


def _region(dossier: Dossier) -> list[str]:
    """Return the reading of the region's map, and the message to remember."""
    sectors, territory = plural(len(dossier.sectors), "secteur"), terms().territory
    drafts = [row.name for row in dossier.sectors if row.status.label == "brouillon"]
    known = (
        f"Sont encore des brouillons de l'outil : {listing(drafts)}."
        if drafts
        else ("Aucun de ces secteurs n'est un brouillon.")
    )
    return [
        f"{capital(territory.the)} est découpé{territory.e} en {sectors}{_named_rns(dossier)}.",
        f"{messages.of_region(dossier)}.",
        known,
    ]


def _named_rns(dossier: Dossier) -> str:
    """Return how many RNS the document names; empty without a document."""
    count = dossier.document_rns
    if count is None:
        return ""
    negation = "ne " if count == 0 else ""
    return f" ; le document {negation}nomme {in_words(count)} RNS"


def _sector(dossier: Dossier, sector: SectorRow) -> list[str]:
    """Return the RNS of a sector, and the distances between colleagues."""
    led = f"conduit par {sector.rns}" if sector.rns else "dont le RNS n'est pas publié"
    zones = [zone for zone in sector.zones if zone.lycees]
    count = f"{terms().site.counted(len(sector.lycees))} en {plural(len(zones), 'zone')}"
    watched = watch_list(dossier.points_of(sector))
    return [
        f"Voici le secteur {sector.name}, {led} : {count}.",
        f"{messages.of_sector(dossier, sector)}.",
        f"{watched.text}." if watched.count else "Ce secteur n'a aucun point de vigilance.",
    ]


def _of_change(dossier: Dossier) -> tuple[SlideNotes, SlideNotes, SlideNotes, SlideNotes]:
    """Return the notes of the finding, of who moves, of the figures and of the points."""
    comparison = dossier.comparison
    if comparison is None:
        return (SlideNotes(()),) * 4
    message = message_of(comparison)
    moved = f"{sentences.of_moves(comparison.moves)}." if comparison.moves else ""
    worse = f"{comparison.title}."
    return (
        SlideNotes([f"{message.title}.", *message.beside, message.verdict]),
        SlideNotes(
            list(filter(None, (moved,))),
            [*sentences.what_changes(comparison), *sentences.untold_reasons(dossier)],
        ),
        SlideNotes([worse, *message.figures], sentences.of_figures(comparison)),
        SlideNotes(list(filter(None, (message.points,))), comparison.points.lines),
    )


def _listed(dossier: Dossier) -> list[str]:
    """Return all points to watch, then information, which is not counted."""
    watched = watch_list(dossier.points)
    lines = [point.sentence for point in watched.counted]
    if watched.information:
        lines += [f"{NOT_COUNTED} :", *(point.sentence for point in watched.information)]
    return lines


def _points(dossier: Dossier) -> list[str]:
    """Return how many points to watch there are, and where."""
    watched = watch_list(dossier.points)
    places = list(dict.fromkeys(point.where for point in watched.counted))
    where = listing(places[:_MOST]) + (" et ailleurs" if len(places) > _MOST else "")
    return [
        f"{watched.text} : à surveiller, ce ne sont pas des fautes.",
        f"Ils concernent : {where}." if places else "Le plan respecte ce qui est demandé.",
        "La dernière colonne donne l'origine de chaque point.",
    ]


def _feedback(dossier: Dossier) -> list[str]:
    """Return how much feedback there is, and that each line gives its treatment."""
    return [
        *dossier.feedback[:1],
        "Chaque ligne donne un commentaire et sa suite.",
    ]


def _calendar(dossier: Dossier) -> SlideNotes:
    """Return the period of the calendar, its uncertainties, and each date; empty without one."""
    steps = dossier.calendar
    if not steps:
        return SlideNotes(())
    doubts = dict.fromkeys(doubt for step in steps for doubt in step.doubts)
    return SlideNotes(
        [
            f"Le déploiement va de « {steps[0].heading} » à « {steps[-1].heading} ».",
            "Ce calendrier est celui du document ; l'outil ne suit pas ce qui a été fait.",
            "En ambre : ce que le document laisse incertain.",
        ],
        [*map(_dated, steps), *dossier.calendar_notes, *doubts],
    )


def _dated(step: Step) -> str:
    parts = " ; ".join(f"{whom}, {listing(actions)}" for whom, actions in step.parts)
    return f"{step.heading} : {parts or 'rien de nouveau'}."


def _decision(dossier: Dossier) -> list[str]:
    """Return the decision asked for."""
    lines = ["Voici ce qui vous est demandé.", *dossier.asked[:1]]
    if dossier.comparison is not None:
        lines += message_of(dossier.comparison).lines[:1]
    elif dossier.address:
        lines.append("Le code QR, lu par un téléphone, ouvre le plan.")
    return lines[:_MOST]


def _sources(dossier: Dossier) -> list[str]:
    """Return the plan that is shown, and the meaning of an estimated drive."""
    return [
        "Voici d'où viennent les chiffres, les noms et la carte.",
        f"Le plan montré est celui-ci : {dossier.version.dated_name}.",
        f"Un trajet est dit « estimé » quand {ESTIMATED_MEANS}.",
    ]
