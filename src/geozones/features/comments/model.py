"""Limits, errors, places and texts of comments and opinions on shared versions."""

from geozones.common.errors import InputError
from geozones.common.french import long_date, number
from geozones.domain import Plan
from geozones.domain.access import DeadLinkError
from geozones.domain.comments import About, PlaceKind
from geozones.domain.terms import worded
from geozones.export.file_parts import printable
from geozones.workspace.figures.study import Study

#: Longest comment, and longest name or function of its author, in characters.
MAX_COMMENT_LENGTH, MAX_AUTHOR_LENGTH = 2000, 80
#: Longest answer of a planner to a comment, and longest reason of an opinion, in characters.
MAX_ANSWER_LENGTH = 2000
#: Most comments in the last `WINDOW_MIN` minutes: by one link, and by one address on it.
PER_LINK, PER_ADDRESS, WINDOW_MIN = 120, 20, 10
#: Most comments that one version holds.
MAX_COMMENTS_PER_VERSION = 5000
#: Longest reason of a planner, and longest question, in characters.
MAX_REASON, MAX_QUESTION = 500, 500
#: Most lycées per question.
MAX_LYCEES_PER_QUESTION = 500
#: Most answers by one personal link in the last `ANSWERS_MIN` minutes.
MAX_RECENT_ANSWERS, ANSWERS_MIN = 20, 10


class UnknownCommentError(InputError):
    """No comment has this id."""

    listed_by = "scenarios comments list SCENARIO"

    def __init__(self) -> None:
        super().__init__("Ce commentaire n'existe pas ou plus : rechargez la page.")


class ClosedCommentsError(InputError):
    """The link accepts no comments."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien ne permet pas de laisser de commentaire : rien n'est envoyé ; "
            "adressez-vous à la personne qui vous l'a donné."
        )


class TooManyCommentsError(InputError):
    """A link or an address sent too many comments in a few minutes."""

    def __init__(self, origin: str, most: int) -> None:
        super().__init__(
            f"Trop de commentaires {origin} ({most} en {WINDOW_MIN} minutes au plus) : rien n'est "
            f"perdu, votre texte reste ci-dessous ; renvoyez-le dans {WINDOW_MIN} minutes."
        )


class FullVersionError(InputError):
    """A version holds the most comments that it can."""

    def __init__(self) -> None:
        super().__init__(
            f"Cette version a déjà {number(MAX_COMMENTS_PER_VERSION)} commentaires, le maximum : "
            "rien n'est envoyé. Adressez-vous à la personne qui vous a donné le lien."
        )


class UnknownOpinionError(DeadLinkError):
    """No lycée has this link."""

    def __init__(self) -> None:
        super().__init__()
        sentence = (
            "Ce lien ne mène à aucune demande d'avis. Vérifiez qu'il est entier, ou "
            "demandez-en un autre à la personne qui vous l'a donné."
        )
        self.args = (sentence,)


class ClosedQuestionError(InputError):
    """The last day to answer is past."""

    def __init__(self, closes: str) -> None:
        super().__init__(
            f"Les avis étaient attendus jusqu'au {long_date(closes)} : il n'est plus possible d'en "
            "donner ni d'en changer. Adressez-vous à la personne qui vous a donné ce lien."
        )


class TooManyAnswersError(InputError):
    """A personal link got more answers in a few minutes than it accepts."""

    def __init__(self) -> None:
        super().__init__(
            f"Trop de réponses arrivent par ce lien ({MAX_RECENT_ANSWERS} en {ANSWERS_MIN} minutes "
            "au plus) : celle-ci n'est pas enregistrée. Votre texte reste ci-dessous : renvoyez-le "
            f"dans {ANSWERS_MIN} minutes."
        )


def checked_name(text: object) -> str:
    """Return a name or function on one line; raise ``InputError`` if it is invalid."""
    name = printable(text) if isinstance(text, str) else ""
    if not name:
        raise InputError(
            "Indiquez votre nom ou votre fonction : rien n'est encore envoyé.", field="name"
        )
    if len(name) > MAX_AUTHOR_LENGTH:
        raise InputError(
            f"Votre nom ou fonction fait {number(len(name))} signes, {MAX_AUTHOR_LENGTH} au plus : "
            "raccourcissez-le, rien n'est encore envoyé.",
            field="name",
        )
    return name


def checked_text(
    text: object, what: str, most: int, *, field: str = "text", required: bool = True
) -> str:
    """Return a text without control characters, its lines kept; ``what`` names it in French."""
    lines = text.splitlines() if isinstance(text, str) else []
    kept = "\n".join(map(printable, lines)).strip()
    if required and not kept:
        raise InputError(f"{what} est vide : remplissez ce champ, puis envoyez.", field=field)
    if len(kept) > most:
        raise InputError(
            f"{what} fait {number(len(kept))} signes, {number(most)} au plus : raccourcissez-le, "
            "rien n'est encore envoyé et votre texte reste là.",
            field=field,
        )
    return kept


_WORDS = {
    PlaceKind.PLAN: "Tout le plan",
    PlaceKind.LYCEE: "{Site}",
    PlaceKind.ZONE: "Zone",
    PlaceKind.SECTOR: "Secteur",
}
_WHOLE_PLAN = About(PlaceKind.PLAN, "plan", _WORDS[PlaceKind.PLAN])


def key_of(about: About) -> str:
    """Return the key of a place: ``plan:plan``, ``zone:ID``, ``sector:ID``, ``lycee:ID``."""
    kind = "sector" if about.kind is PlaceKind.SECTOR else about.kind.value
    return f"{kind}:{about.id}"


def called(about: About) -> str:
    """Return a place in words: ``Zone Mamers``."""
    word = worded(_WORDS[about.kind])
    return (
        about.name
        if about.name.casefold().startswith(word.casefold())
        else (f"{word} {about.name}")
    )


def places_of(study: Study) -> dict[str, About]:
    """Return the places of a study's plan by key: all of it, sectors, zones, lycées by name."""
    plan = study.plan
    sectors = [About(PlaceKind.SECTOR, each.id, each.name) for each in plan.sectors]
    zones = [
        About(PlaceKind.ZONE, each.id, each.name) for each in plan.zones if plan.members(each.id)
    ]
    lycees = [About(PlaceKind.LYCEE, lycee_id, study.name(lycee_id)) for lycee_id in plan.lycees]
    lycees.sort(key=lambda each: each.name.casefold())
    return {key_of(each): each for each in (_WHOLE_PLAN, *sectors, *zones, *lycees)}


def place_named(study: Study, key: str) -> About:
    """Return a place of a plan by key."""
    found = places_of(study).get(key)
    if found is None:
        places = worded("tout le plan, un secteur, une zone ou {a_site}")
        raise InputError(
            f"Choisissez ce dont vous parlez, {places} : rien n'est envoyé.", field="place"
        )
    return found


def sector_of(plan: Plan, about: About) -> str | None:
    """Return the sector (id) of a place; ``None`` if it has none, or is not in the plan."""
    if about.kind is PlaceKind.SECTOR:
        return about.id if plan.has_sector(about.id) else None
    zones = {zone.id: zone.sector for zone in plan.zones}
    if about.kind is PlaceKind.ZONE:
        return zones.get(about.id)
    zone_id = plan.zone_by_lycee.get(about.id)
    return None if zone_id is None else zones.get(zone_id)
