"""Organisation as HTML: chart of the whole, chart of a sector, quotations of the document.

The pages of the app, the interactive file and the webinar share one markup; its style is
``organisation.css``, in units of the text around it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from geozones.common.french import capital, plural, typeset
from geozones.domain.organisation import (
    NOT_PUBLISHED,
    OUTSIDE,
    RNS,
    TIP,
    TIS,
    ChartLycee,
    ChartZone,
    Organisation,
    Quote,
    QuoteCard,
    QuoteChapter,
    SectorChart,
    StaffRole,
)
from geozones.domain.scenario import presented
from geozones.domain.settings import documented
from geozones.domain.terms import terms, worded

#: Function that writes a name, given its target (``lycee:ID``, ``zone:ID``…) and its text.
type Name = Callable[[str, str], str]

READING = "lecture incertaine"
#: Between a part of the document and its page in the source of a quote.
_PAGE = " : "
#: A day of the month at the beginning of a date, and the first letter of the month.
_DAY = re.compile(r"^\d+(?:er)? (\w)")
STYLE = Path(__file__).parent / "organisation.css"


def names_remark() -> str:
    """Return a remark on the parts of a chart that do not come from the document."""
    names = documented("Les noms des zones sont de l'outil : le document n'en donne pas. ")
    return f"{names}Les postes, s'il y en a, sont ceux du scénario."


def without_doubt(text: str) -> str:
    """Return a date or action without « (lecture incertaine) »: the doubt is written elsewhere.

    Only the month of an uncertain day is kept: « 5 janvier 2026 » becomes « Janvier 2026 ».
    """
    if READING not in text:
        return text
    return _DAY.sub(lambda found: found[1].upper(), text.replace(f" ({READING})", ""))


def plain(_: str, text: str) -> str:
    """Write a name without a link."""
    return escape(typeset(text))


def sector_html(chart: SectorChart, name: Name = plain) -> str:
    """Return the chart of a sector, from its RNS down to the lycées."""
    support = ""
    if chart.support is not None:
        called = name(f"lycee:{chart.support.id}", chart.support.name)
        support = f"<span>{escape(str(terms().support_centre))} : {called}</span>"
    rns = escape(chart.rns or NOT_PUBLISHED)
    by_site, by_sector = terms().proximity_technician.plural, terms().sector_technician
    sites = terms().site.plural
    zones = "".join(_zone(zone, name) for zone in chart.zones)
    return (
        f'<section class="org" aria-label="{escape(f"Organisation du secteur {chart.name}")}">'
        '<div class="org-row"><div class="org-box org-head"><small>RNS</small>'
        f"<strong>{rns}</strong>"
        f"<span>secteur {name(f'sector:{chart.id}', chart.name)}</span></div></div>"
        '<p class="org-link">autorité hiérarchique et fonctionnelle</p>'
        f'<div class="org-row"><div class="org-box org-band">'
        f"<small>{escape(capital(by_sector.singular))}</small>"
        f"<strong>{escape(typeset(technicians_text(chart)))}</strong>"
        f"<span>tout le secteur, appui auprès des {escape(by_site)}</span>{support}</div></div>"
        f'<p class="org-link">{escape(f"zones de continuité : {by_site} et leurs {sites}")}</p>'
        f'<ol class="org-zones">{zones}</ol></section>'
    )


def technicians_text(chart: SectorChart) -> str:
    """Return how many T.I.S. a sector is due, and the source unless it is the document."""
    if chart.technicians is None:
        return worded("{Sector_technician} : nombre non publié")
    noun = terms().sector_technician
    due = plural(chart.technicians, f"{noun} prévu", f"{noun.plural} prévus")
    return f"{due} {chart.technicians_source}".rstrip()


def _zone(zone: ChartZone, name: Name) -> str:
    inside = (
        "".join(
            f"<div><strong>{escape(post.name)}</strong>{_lycees(post.lycees, name)}</div>"
            for post in zone.posts
        )
        if zone.posts
        else f"<div>{_lycees(zone.lycees, name)}</div>"
    )
    without = (
        f"<div><em>sans poste</em>{_lycees(zone.left_out, name)}</div>" if zone.left_out else ""
    )
    return (
        f'<li class="org-box"><small>Zone {zone.number}</small>'
        f"<strong>{name(f'zone:{zone.id}', zone.name)}</strong>{inside}{without}</li>"
    )


def _lycees(lycees: Iterable[ChartLycee], name: Name) -> str:
    rows = "".join(
        f"<li>{'★ ' if each.is_support else ''}{name(f'lycee:{each.id}', each.name)}"
        f"{f' <small>{escape(typeset(each.detail))}</small>' if each.detail else ''}</li>"
        for each in lycees
    )
    return f"<ul>{rows}</ul>"


def whole_html(organisation: Organisation, level: int = 3) -> str:
    """Return the chart of the whole; the title of a request's escalation is of a ``level``."""
    roles = organisation.by_id
    inside = [role for role in organisation.roles if role.id in {TIS, TIP}]
    outside = [role for role in organisation.roles if role.id not in {TIS, TIP, RNS}]
    head, beside = outside[:1], outside[1:]
    top = "".join(f'<div class="org-box org-head">{_named(role)}</div>' for role in head)
    boxes = "".join(
        f'<div class="org-box{" org-outside" if role.id == OUTSIDE else ""}">{_named(role)}</div>'
        for role in beside
    )
    under = "".join(f'<div class="org-box">{_named(role)}</div>' for role in inside)
    if RNS in roles:
        sector = f'<div class="org-box org-band">{_named(roles[RNS])}</div>'
        sector += '<p class="org-link">autorité hiérarchique et fonctionnelle</p>'
        boxes = f'<div class="org-tree">{sector}<div class="org-row">{under}</div></div>{boxes}'
    return (
        '<section class="org" aria-label="Organisation de l\'ensemble">'
        f'<div class="org-row">{top}</div>'
        f'<p class="org-link"></p><div class="org-row org-wide">{boxes}</div>'
        f"{_escalation(organisation, level)}</section>"
    )


def _named(role: StaffRole) -> str:
    short = f"<small>{escape(role.short)}</small>" if role.short else ""
    count = f"<span>{escape(typeset(role.count))}</span>" if role.count else ""
    return f"{short}<strong>{escape(typeset(role.name))}</strong>{count}"


def _escalation(organisation: Organisation, level: int) -> str:
    steps = "".join(
        f"<li><small>{escape(typeset(level.levels))}</small>"
        f"<strong>{escape(typeset(organisation.by_id[level.role].called))}</strong></li>"
        for level in organisation.escalation
    )
    title = f"<h{level}>L'escalade d'une demande</h{level}>"
    return f'{title}<ol class="org-steps">{steps}</ol>' if steps else ""


def quotes_html(organisation: Organisation) -> str:
    """Return the document's texts on each role and on the work, quoted with their source."""
    skills = [role for role in organisation.roles if role.id in {TIP, TIS}]
    others = [role for role in organisation.roles if role.id not in {TIP, TIS}]
    groups = [
        *((chapter.title, chapter.cards) for chapter in organisation.chapters),
        (
            f"Les deux profils {terms().technician.of_plural}",
            [QuoteCard(role.name, role.quotes, role.short or role.count) for role in skills],
        ),
        (organisation.work_title, organisation.work),
        (
            "L'ensemble",
            [
                QuoteCard("Pourquoi ce découpage", organisation.principles),
                *(QuoteCard(role.name, role.quotes, role.count) for role in others),
            ],
        ),
    ]
    drawn = "".join(_titled(title, _group(cards)) for title, cards in groups)
    source = escape(typeset(source_text(organisation)))
    return f'<section class="org">{drawn}<p class="org-source">{source}</p></section>'


def source_text(organisation: Organisation) -> str:
    """Return the source of the quotes."""
    by = presented(organisation.author, organisation.occasion, organisation.date)
    return f"Source : document présenté {by}."


def chapter_html(chapter: QuoteChapter) -> str:
    """Return the cards of a chapter, without its title."""
    label = escape(typeset(chapter.title))
    return f'<section class="org" aria-label="{label}">{_group(chapter.cards)}</section>'


def _titled(title: str, group: str) -> str:
    return f"<h3>{escape(typeset(title))}</h3>{group}" if group else ""


def _group(cards: Sequence[QuoteCard]) -> str:
    """Return cards; what all quotes have in common of their source is once, above them."""
    if not cards:
        return ""
    common = _common_source([quote for card in cards for quote in card.quotes])
    drawn = "".join(_card(card, common) for card in cards)
    return f'{_source(common)}<div class="org-cards">{drawn}</div>'


def _card(card: QuoteCard, known: str) -> str:
    """Return a card of quotations; ``known`` starts their sources and is already written."""
    common = _common_source(card.quotes)
    text = "".join(
        f"<li>{escape(typeset(quote.quoted))}{_source(quote.source.removeprefix(common))}</li>"
        for quote in card.quotes
    )
    detail = f" <small>{escape(typeset(card.detail))}</small>" if card.detail else ""
    return (
        f'<article class="org-card"><h4>{escape(typeset(card.name))}{detail}</h4><ul>{text}</ul>'
        f"{_source(common.removeprefix(known))}</article>"
    )


def _common_source(quotes: Sequence[Quote]) -> str:
    """Return the source of quotes that share it, else their part, ``3. …``; empty if several."""
    for cut in (False, True):
        sources = {quote.source.partition(_PAGE)[0] if cut else quote.source for quote in quotes}
        if len(sources) == 1:
            return sources.pop()
    return ""


def _source(text: str) -> str:
    text = text.removeprefix(_PAGE)
    return f'<p class="org-part">{escape(typeset(text))}</p>' if text else ""
