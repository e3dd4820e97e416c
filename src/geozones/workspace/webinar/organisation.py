"""Organisation slides of a webinar: the whole organisation, and a sector's."""

from geozones.common.errors import InputError
from geozones.common.french import long_date, number
from geozones.domain.organisation import Organisation
from geozones.domain.terms import terms
from geozones.export.dossier import SectorRow
from geozones.export.organisation import TOOLS_NAMES, source_text
from geozones.export.webinar_content import Slide, SlideFigure, SlideLine
from geozones.workspace.maps.plan_scene import NOT_PUBLISHED
from geozones.workspace.webinar.slide_parts import typeset_slide
from geozones.workspace.webinar.slides import badges_of


def of_whole(organisation: Organisation) -> Slide:
    """Return the slide of the whole organisation and its rules of work, from the document."""
    return typeset_slide(
        Slide(
            kicker=f"Organisation · {_presented(organisation)}",
            title="Qui encadre, qui intervient",
            pictures=(),
            lines=tuple(
                SlideLine(rule.name, " ".join(quote.quoted for quote in rule.quotes))
                for rule in organisation.work
            ),
            notes=(source_text(organisation),),
            chart=organisation,
        )
    )


def of_chapter(organisation: Organisation, chapter: str) -> Slide:
    """Return the slide of a chapter (id) of quotations; raise ``InputError`` if there is none."""
    for entry in organisation.chapters:
        if entry.id == chapter:
            return typeset_slide(
                Slide(
                    kicker=f"Extrait du document · {_presented(organisation)}",
                    title=entry.title,
                    pictures=(),
                    notes=(source_text(organisation),),
                    chart=entry,
                )
            )
    msg = "Cette partie du document n'est plus dans les données."
    raise InputError(msg)


def _presented(organisation: Organisation) -> str:
    """Name who presented the document, and when: the source of the quotations of a slide."""
    when = long_date(organisation.date) if organisation.date else ""
    return ", ".join(filter(None, (organisation.author, when)))


def of_sector(row: SectorRow) -> Slide:
    """Return the organisation slide of a sector, from its RNS down to its lycées."""
    zones = [zone for zone in row.zones if zone.lycees]
    posts = 0 if row.chart is None else sum(len(zone.posts) for zone in row.chart.zones)
    technicians = None if row.chart is None else row.chart.technicians
    due = terms().sector_technician
    return typeset_slide(
        Slide(
            kicker="Organisation du secteur",
            title=row.name,
            pictures=(),
            badges=badges_of(row.status, row.marks.capitalize()),
            figures=(
                SlideFigure(number(len(row.lycees)), terms().site.plural),
                SlideFigure(
                    number(len(zones)), "zones de continuité" if len(zones) > 1 else "zone"
                ),
                SlideFigure(
                    "—" if technicians is None else number(technicians),
                    f"{due} prévu{due.e}" if technicians == 1 else f"{due.plural} prévu{due.e}s",
                ),
                *_posts_figure(posts),
            ),
            sentences=(f"RNS : {row.rns or NOT_PUBLISHED}.",),
            notes=(TOOLS_NAMES,),
            chart=row.chart,
        )
    )


def _posts_figure(posts: int) -> tuple[SlideFigure, ...]:
    """Return the number of posts; nothing if the scenario defines none."""
    label = f"{'postes' if posts > 1 else 'poste'} {terms().proximity_technician.of}"
    return (SlideFigure(number(posts), label),) if posts else ()
