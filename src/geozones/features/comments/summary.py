"""Comments and opinions on a scenario summed up: for notes, as map marks, as table rows."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import override

from geozones.common.french import listing, long_date, plural
from geozones.common.settings_file import OPINION, link_to
from geozones.domain import Plan
from geozones.domain.access import SharedLink
from geozones.domain.comments import (
    About,
    Comment,
    Opinion,
    OpinionAnswer,
    PlaceKind,
    Question,
    Stance,
    Treatment,
)
from geozones.domain.terms import terms
from geozones.export.file_parts import printable
from geozones.features.comments.model import called, key_of, places_of, sector_of
from geozones.records import kinds
from geozones.render.scene import AWAITED, FeedbackMark
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import anchor_of
from geozones.workspace.sharing.exported_plan import PlanFeedback

#: Most comments, and most lycées with an unfavourable answer, quoted individually.
_MOST = 12
_EXCERPT = 160
_TREATED = {
    Treatment.TAKEN: ("pris en compte", "pris en compte"),
    Treatment.DECLINED: ("non retenu", "non retenus"),
    Treatment.OPEN: ("à traiter", "à traiter"),
}
_STANCES = {
    Stance.FAVOURABLE: ("favorable", "favorables"),
    Stance.RESERVED: ("réservé", "réservés"),
    Stance.OPPOSED: ("défavorable", "défavorables"),
    None: ("sans réponse", "sans réponse"),
}


@dataclass(frozen=True, slots=True)
class Feedback(PlanFeedback):
    """Comments and opinions on the versions of a scenario; the map and files get no hidden one."""

    comments: tuple[Comment, ...] = ()
    questions: tuple[tuple[Question, tuple[Opinion, ...]], ...] = ()

    @override
    def in_sector(self, plan: Plan, sector_id: str) -> "Feedback":
        inside = set(plan.lycees_of(sector_id))
        return Feedback(
            tuple(each for each in self.comments if sector_of(plan, each.about) == sector_id),
            tuple(
                (question, kept)
                for question, opinions in self.questions
                if (kept := tuple(each for each in opinions if each.lycee in inside))
            ),
        )

    @property
    @override
    def sentences(self) -> tuple[str, ...]:
        """Counts, then each comment that was treated, then opinions."""
        return (*_of_comments(self.comments), *_of_questions(self.questions))

    @property
    @override
    def line(self) -> str:
        """Count the opinions that were asked last, if some were given, then the comments."""
        opinions = self._asked_last.values()
        told = [stance_line(opinions)] if any(each.stance for each in opinions) else []
        told += [count_line(self.comments)] if self.comments else []
        return f"{' ; '.join(told)}." if told else ""

    @property
    def _asked_last(self) -> dict[str, Opinion]:
        """The opinion of each lycée (id) that was asked last."""
        opinions: dict[str, Opinion] = {}
        for _, asked in self.questions:
            for opinion in asked:
                opinions.setdefault(opinion.lycee, opinion)
        return opinions

    @override
    def marks(self, study: Study) -> tuple[FeedbackMark, ...]:
        """Return a mark for each commented place, with the opinion of a lycée asked last.

        The plan as a whole has no place on the map.
        """
        comments: dict[str, list[Comment]] = defaultdict(list)
        for comment in self.comments:
            comments[key_of(comment.about)].append(comment)
        opinions = {f"lycee:{lycee}": each for lycee, each in self._asked_last.items()}
        if not comments and not opinions:
            return ()
        return tuple(
            _mark(study, about, comments.get(key, ()), opinions.get(key))
            for key, about in places_of(study).items()
            if (key in comments or key in opinions) and _is_placed(study, about)
        )


def count_line(comments: Iterable[Comment]) -> str:
    """Return ``3 commentaires : 1 pris en compte, 2 à traiter``."""
    treatments = [each.ruling.treatment for each in comments]
    return _counted(plural(len(treatments), "commentaire"), treatments, _TREATED)


def stance_line(opinions: Iterable[Opinion]) -> str:
    """Return ``24 lycées interrogés : 14 favorables, 2 défavorables, 8 sans réponse``."""
    stances, site = [opinion.stance for opinion in opinions], terms().site
    one, more = f"{site} interrogé", f"{site.plural} interrogés"
    return _counted(plural(len(stances), one, more), stances, _STANCES)


def _counted[T](total: str, kinds: Sequence[T], words: Mapping[T, tuple[str, str]]) -> str:
    """Return a total and the count of each kind, in the order of ``words``."""
    if len(kinds) == 1:
        return f"{total}, {words[kinds[0]][0]}"
    counts = Counter(kinds)
    parts = [plural(counts[kind], *word) for kind, word in words.items() if counts[kind]]
    return f"{total} : {', '.join(parts)}"


def history_line(opinion: Opinion, local: Callable[[str], str] = long_date) -> str:
    """Return ``2e réponse ; avant : favorable (Proviseur, 2 mars 2026)``; empty for the first.

    ``local`` formats a time of the store.
    """
    before = [
        f"{each.stance} ({each.signed}, {local(each.at)})"
        for each in opinion.answers[: len(opinion.answers) - 1]
    ]
    if not before:
        return ""
    return f"{len(opinion.answers)}e réponse ; avant : {', '.join(before)}"


def _of_comments(comments: Sequence[Comment]) -> list[str]:
    if not comments:
        return []
    sentences = [f"{count_line(comments)}."]
    ruled = [each for each in comments if each.ruling.treatment is not Treatment.OPEN]
    for each in ruled[:_MOST]:
        why = printable(each.ruling.reason).rstrip(".")
        sentences.append(
            f"{called(each.about)}, {each.signed} : « {_excerpt(each.text)} » ; "
            f"{each.ruling.treatment} : {why}."
        )
    if len(ruled) > _MOST:
        sentences.append(f"Et {plural(len(ruled) - _MOST, 'autre')}.")
    return sentences


def _of_questions(questions: Sequence[tuple[Question, tuple[Opinion, ...]]]) -> list[str]:
    sentences = []
    for question, opinions in questions:
        asked = printable(question.text)
        sentences.append(
            f"« {asked} », jusqu'au {long_date(question.closes)} : {stance_line(opinions)}."
        )
        for stance in (Stance.OPPOSED, Stance.RESERVED):
            against = [each for each in opinions if each.stance is stance]
            sentences += [
                f"{each.name}, avis {stance} : « {_excerpt(each.reason)} »."
                for each in against[:_MOST]
            ]
            if against[_MOST:]:
                rest = listing([each.name for each in against[_MOST:]])
                sentences.append(f"Avis {stance} aussi : {rest}.")
    return sentences


def _excerpt(text: str) -> str:
    line = printable(text).removesuffix(".")
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rstrip() + "…"


def _mark(
    study: Study, about: About, comments: Iterable[Comment], opinion: Opinion | None
) -> FeedbackMark:
    listed = tuple(comments)
    lat, lon = _at(study, about)
    stance = "" if opinion is None else AWAITED if opinion.stance is None else opinion.stance.value
    left = [comment for comment in listed if comment.ruling.treatment is Treatment.OPEN]
    facts = []
    if listed:
        waits = f", dont {len(left)} à traiter" if left else ", tous traités"
        facts.append(("Commentaires", f"{len(listed)}{waits}"))
    if opinion is not None:
        facts.append(("Avis", "sans réponse" if opinion.stance is None else stance))
    return FeedbackMark(
        key_of(about), called(about), lat, lon, len(listed), bool(left), stance, tuple(facts)
    )


def _is_placed(study: Study, about: About) -> bool:
    if about.kind is PlaceKind.LYCEE:
        return math.isfinite(study.territory.lycees[about.id].lat)
    return about.kind is not PlaceKind.PLAN


def _at(study: Study, about: About) -> tuple[float, float]:
    """Return the position of a place's mark, the same as its label's."""
    if about.kind is PlaceKind.LYCEE:
        lycee = study.territory.lycees[about.id]
        return lycee.lat, lycee.lon
    plan = study.plan
    inside = plan.members(about.id) if about.kind is PlaceKind.ZONE else plan.lycees_of(about.id)
    return anchor_of(study.territory.shape(tuple(inside)))


type Row = dict[str, str]

#: Columns of a table of comments, in order, with the field of each; columns without a field are
#: computed.
COMMENT_COLUMNS = {
    "commentaire": "id",
    "version_du": "",
    "lieu": "",
    "nature": "about.kind",
    "code": "about.id",
    "secteur": "",
    "auteur": "author",
    "date": "at",
    "texte": "text",
    "suite": "ruling.treatment",
    "motif": "ruling.reason",
    "decide_par": "ruling.author",
    "decide_le": "ruling.at",
    "reponses": "",
    "masque": "hidden",
}
#: The same for opinions.
OPINION_COLUMNS = {
    "question": "",
    "jusqu_au": "",
    "uai": "lycee",
    "lycee": "name",
    "avis": "stance",
    "motif": "reason",
    "auteur": "author",
    "premiere_reponse": "first_at",
    "derniere_reponse": "at",
    "reponses": "",
    "reponses_precedentes": "",
}


def comment_rows(comments: Iterable[Comment], plan: Plan, links: Iterable[SharedLink]) -> list[Row]:
    """Return one row per comment; its sector is the place's sector in a plan, or empty.

    ``links`` give the date of each version; rows have no token.
    """
    sectors = {sector.id: sector.name for sector in plan.sectors}
    made = {link.token: link.at for link in links}
    return [
        kinds.COMMENT.to_csv(
            each,
            COMMENT_COLUMNS,
            version_du=made.get(each.version, ""),
            lieu=called(each.about),
            secteur=sectors.get(sector_of(plan, each.about) or "", ""),
            reponses="\n".join(f"{one.author} : {one.text}" for one in each.answers),
        )
        for each in comments
    ]


def opinion_rows(question: Question, opinions: Iterable[Opinion]) -> list[Row]:
    """Return one row per lycée asked, with its answer, without its link."""
    return [
        kinds.OPINION.to_csv(
            each,
            OPINION_COLUMNS,
            question=question.text,
            jusqu_au=question.closes,
            reponses=str(len(each.answers)),
            reponses_precedentes="\n".join(map(_dated_line, each.earlier)),
        )
        for each in opinions
    ]


def _dated_line(answer: OpinionAnswer) -> str:
    """Return an answer on one line, with its time and author."""
    why = f" : {answer.reason}" if answer.reason else ""
    return f"{answer.at} : {answer.stance}, {answer.signed}{why}"


def mailing_rows(
    question: Question,
    opinions: Iterable[Opinion],
    base: str,
    communes: Mapping[str, str],
) -> list[Row]:
    """Return one row per lycée with its personal link, for a mail merge.

    ``base`` is the address of the app; ``communes`` has the commune's name of each lycée (id).
    """
    return [
        {
            "uai": each.lycee,
            "lycee": each.name,
            "commune": communes.get(each.lycee, ""),
            "lien": opinion_link(base, each),
            "question": question.text,
            "jusqu_au": question.closes,
            "repondu": "non" if each.stance is None else "oui",
        }
        for each in opinions
    ]


def opinion_link(base: str, opinion: Opinion) -> str:
    """Return the whole personal link of a lycée, under the address of the app."""
    return link_to(base, "", {OPINION: opinion.token})
