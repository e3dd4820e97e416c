"""Comments and opinions as rows of a table, to be exported."""

from collections.abc import Iterable, Mapping

from geozones.common.public_address import OPINION, link_to
from geozones.domain import Plan
from geozones.domain.links import SharedLink
from geozones.domain.opinions import Opinion, Question
from geozones.domain.voices import Comment
from geozones.workspace.voices.places import called, sector_of

type Row = dict[str, str]


def comment_rows(comments: Iterable[Comment], plan: Plan, links: Iterable[SharedLink]) -> list[Row]:
    """Return a row a comment; the sector is that of its place in a plan, empty where it has none.

    ``links`` tell when each version was made: what opens it is in no row.
    """
    sectors = {sector.id: sector.name for sector in plan.sectors}
    made = {link.token: link.at for link in links}
    return [
        {
            "commentaire": each.id,
            "version_du": made.get(each.version, ""),
            "lieu": called(each.about),
            "nature": each.about.kind.value,
            "code": each.about.id,
            "secteur": sectors.get(sector_of(plan, each.about) or "", ""),
            "auteur": each.author,
            "date": each.at,
            "texte": each.text,
            "suite": each.ruling.treatment.value,
            "motif": each.ruling.reason,
            "decide_par": each.ruling.author,
            "decide_le": each.ruling.at,
            "reponses": "\n".join(f"{one.author} : {one.text}" for one in each.answers),
            "masque": each.hidden,
        }
        for each in comments
    ]


def opinion_rows(question: Question, opinions: Iterable[Opinion]) -> list[Row]:
    """Return a row a lycée that was asked, with what it answered; no link."""
    return [
        {
            "question": question.text,
            "jusqu_au": question.closes,
            "uai": each.lycee,
            "lycee": each.name,
            "avis": "" if each.stance is None else each.stance.value,
            "motif": each.reason,
            "auteur": each.author,
            "premiere_reponse": each.first_at,
            "derniere_reponse": each.at,
            "reponses": str(len(each.answers)),
            "reponses_precedentes": "\n".join(
                f"{one.at} : {one.stance}, {one.signed}{f' : {one.reason}' if one.reason else ''}"
                for one in each.answers[:-1]
            ),
        }
        for each in opinions
    ]


def mailing_rows(
    question: Question,
    opinions: Iterable[Opinion],
    base: str,
    communes: Mapping[str, str],
) -> list[Row]:
    """Return a row a lycée with its personal link, for a mail merge.

    ``base`` is the address of the app, ``communes`` name that of each lycée (id).
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
    """Return the personal link of a lycée, whole, under the address of the app."""
    return link_to(base, "", {OPINION: opinion.token})
