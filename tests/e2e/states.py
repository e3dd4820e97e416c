"""The states of the pages that tools of accessibility look at: pages, modes, menus, dialogs.

Each walk goes from one state to the next and yields the name of each.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from playwright.sync_api import FilePayload, expect

from geozones.common.clock import today
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.features.comments.use_cases import Opinions
from geozones.features.experiment.use_cases import Journals
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.service import Scenarios
from helpers.sample_files import sample_files, sample_of, school_days

from .conftest import Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
CHEVROLLIER = "0490003M"  # support centre of Maine-et-Loire, which cannot leave it
LIST = (
    "Secteur\tZone\tCode RNE\tNom du lycée\tVille\n"
    "Sarthe\tNord\t0720012X\tRacan\tMontval-sur-Loir\n"
    "Sarthe\tNord\t\tLycée de la Lune\tMamers\n"
)

#: The frame of the projected webinar.
SHOWN = "dialog iframe"
#: The drawer of tables, which lies over the panel of a phone.
DRAWER = ".st-key-gz-over-right"
#: Files that no page can read.
LIST_CUT = FilePayload(
    name="liste.xlsx", mimeType="application/zip", buffer=b"PK\x03\x04" + b"\0" * 90
)
PLAN_CUT = FilePayload(name="plan.json", mimeType="application/json", buffer=b'{"sectors": [')

type Walk = Callable[[Visit, Scenarios], Iterator[str]]


def unfold(visit: Visit, inside: str = "main") -> None:
    """Open every expander in sight, those that others held too."""
    folded = visit.page.locator(f"{inside} details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
        still(visit.page)


def look(visit: Visit, _: Scenarios) -> Iterator[str]:
    page = visit.open().page
    yield "la région"
    for name in ("Couleurs", "Comparer", "Légende", "Réglages"):
        visit.chip(name)
        yield name
        page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Chercher").press_sequentially("lav")
    yield "la recherche"
    page.keyboard.press("Escape")
    visit.tables()
    unfold(visit, DRAWER)
    yield "les tableaux"
    page.get_by_role("button", name="Fermer les tableaux").click()
    page.get_by_role("button", name="points de vigilance").click()
    still(page)
    yield "les points de vigilance"
    visit.panel.get_by_role("button", name="Fermer").first.click()
    visit.panel.get_by_role("button", name="Sarthe", exact=True).click()
    still(page)
    yield "un secteur"
    visit.aim("MAY-2")
    still(page)
    yield "une zone"
    visit.pick(RACAN)
    still(page)
    unfold(visit)
    yield "un lycée"


def change(visit: Visit, _: Scenarios) -> Iterator[str]:
    page = visit.open("?mode=modifier").page
    visit.panel.get_by_role("button", name="Outils de la région").click()
    unfold(visit)
    yield "rien de choisi"
    for name in ("Scénario",):
        button = visit.panel.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()
            still(page)
            yield name
            page.keyboard.press("Escape")
    visit.pick(RACAN)
    still(page)
    unfold(visit)
    yield "un lycée"
    visit.aim("SAR-4")
    still(page)
    yield "un lycée et sa zone d'arrivée"
    page.get_by_role("button", name="Déplacer vers").click()
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    still(page)
    yield "un déplacement fait"
    visit.tables()
    unfold(visit, DRAWER)
    yield "les tableaux et l'historique"
    page.get_by_role("button", name="Fermer les tableaux").click()
    visit.pick(CHEVROLLIER)
    still(page)
    visit.aim("SAR-4")
    still(page)
    yield "un déplacement refusé"
    visit.aim("MAY-2")
    visit.panel.get_by_role("button", name="Toute la région").click()
    still(page)
    visit.aim("SAR-4")
    still(page)
    unfold(visit)
    yield "une zone"
    visit.panel.get_by_role("button", name="Sarthe", exact=True).first.click()
    still(page)
    unfold(visit)
    yield "un secteur"


def propose(visit: Visit, _: Scenarios) -> Iterator[str]:
    page = visit.open("?mode=proposer").page
    unfold(visit)
    yield "les conditions"
    page.get_by_role("button", name="Chercher les meilleurs déplacements").click()
    stop = page.get_by_role("button", name="Arrêter et garder le meilleur trouvé")
    expect(stop).to_be_visible()
    yield "la recherche en cours"
    expect(stop).to_have_count(0)
    still(page)
    unfold(visit)
    yield "les propositions"


def teams(visit: Visit, scenarios: Scenarios) -> Iterator[str]:
    new = scenarios.new()
    zone = new.plan.zones[0].id  # the page opens on it
    at = sorted(new.plan.members(zone))
    weeks = ((at[0],) * SLOTS, (*at[:2] * (SLOTS // 2 - 1), FREE, FREE))
    posts = [
        post_to_json(Post(f"tip-{rank}", zone, cells=week)) for rank, week in enumerate(weeks, 1)
    ]
    work = scenarios.record(new, "set_posts", {"zones": [zone], "posts": posts})
    page = visit.open(f"equipes?scenario={work.saved.id}").page
    yield from _parts(visit, "Semaine", "Absences", "Année")
    visit.open("equipes")
    need = page.get_by_role("textbox", name=re.compile("^Besoin de ")).first
    need.fill("60")
    need.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    still(page)
    yield "un besoin refusé"
    unfold(visit)
    page.get_by_role("button", name="Proposer les postes").click()
    expect(page.get_by_role("button", name="Adopter")).to_be_visible()
    still(page)
    yield "des semaines proposées"
    visit.open("equipes?partie=bilan")
    unfold(visit)
    yield "Bilan"


def bilan(visit: Visit, scenarios: Scenarios) -> Iterator[str]:
    study = study_of_work(scenarios._analysis, scenarios.new())
    monday = today() - timedelta(weeks=26, days=today().weekday())  # old rows are refused
    made = sample_of(study, ["maine-et-loire"], school_days(monday, 2, study.atlas.school), 1)
    journals = Journals(scenarios._opener, scenarios.actor, today())
    try:
        for name, content in sample_files(study, made, 1):
            journals.add(study, name, content)
        page = visit.open("equipes?partie=bilan").page
        unfold(visit)
        yield "Bilan d'un journal"
        page.get_by_role("button", name="Retenir comme hypothèse").first.click()
        expect(page.get_by_text(re.compile("Retenu par .*, le "))).to_be_visible()
        still(page)
        yield "une hypothèse retenue"
    finally:
        journals.drop()


def plans(visit: Visit, scenarios: Scenarios) -> Iterator[str]:
    scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près")
    page = visit.open("scenarios").page
    yield "la liste"
    page.get_by_role("button", name=re.compile("ouvrir un fichier", re.IGNORECASE)).click()
    page.locator('input[type="file"]').set_input_files(PLAN_CUT)
    page.get_by_role("button", name="Ouvrir ce fichier").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    still(page)
    yield "un fichier refusé"
    page.keyboard.press("Escape")
    unfold(visit)
    yield "un scénario, tout déplié"


def share(visit: Visit, _: Scenarios) -> Iterator[str]:
    page = visit.open("partager").page
    yield from _parts(visit, "Images, diaporama, données", "Webinaire")
    visit.open("webinaire")
    page.get_by_role("button", name="Démarrer le webinaire").click()
    inside = page.frame_locator(SHOWN)
    for key, name in (
        ("Home", "le webinaire projeté"),
        ("ArrowRight", "son deuxième temps"),
        ("l", "sa légende"),
        ("End", "son dernier temps"),
    ):
        page.keyboard.press(key)
        expect(inside.locator(".title:visible")).to_have_count(1)
        still(page)
        yield name
    page.keyboard.press("Escape")


def data(visit: Visit, _: Scenarios) -> Iterator[str]:
    page = visit.open("donnees").page
    yield from _parts(visit, "Liste", "Minutes", "Territoires")
    visit.open("donnees")
    page.locator('input[type="file"]').first.set_input_files(LIST_CUT)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    still(page)
    yield "un fichier refusé"
    visit.open("donnees")
    page.get_by_label("Ou texte collé").fill(LIST)
    page.get_by_label("Ou texte collé").press("Tab")
    page.get_by_role("button", name="Lire le texte").click()
    expect(page.get_by_role("heading", name="3. Réparations")).to_be_visible()
    page.get_by_role("button", name="Retour", exact=True).click()  # its columns were recognised
    onward = page.get_by_role("button", name="Continuer")
    for step in ("2. Colonnes", "3. Réparations", "4. Lieux", "5. Changements"):
        expect(page.get_by_role("heading", name=step)).to_be_visible()
        still(page)
        yield step
        if onward.count():
            onward.click()


def shared(visit: Visit, scenarios: Scenarios) -> Iterator[str]:
    work = scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près")
    token = scenarios.links.freeze(work, comments=True)
    asked = Opinions(scenarios._opener, scenarios.actor)
    (link,) = asked.ask(token, study_of_work(scenarios._analysis, work), "?", [RACAN], "2099-01-01")
    for name, address in (
        ("une version partagée", f"?version={token}"),
        ("un avis demandé", f"?avis={link.token}"),
        ("un lien fermé", "?version=inconnu"),
        ("la carte d'un autre site", "?embed=true"),
    ):
        visit.page.goto(f"{visit.url}/{address}")
        expect(visit.page.get_by_role("heading", level=1)).to_have_count(1)
        still(visit.page)  # the pictures come last
        unfold(visit)
        yield name
        if address == f"?avis={link.token}":
            yield from _answered(visit)


def _answered(visit: Visit) -> Iterator[str]:
    """Have the lycée send nothing, then give its opinion."""
    page = visit.page
    box = page.locator(".st-key-gz-opinion")
    box.get_by_role("button", name="Envoyer l’avis").click()
    expect(box.get_by_role("alert")).to_be_visible()
    still(page)
    yield "un avis refusé"
    box.get_by_label("Votre avis").click()
    page.get_by_role("option", name="Favorable", exact=True).click()
    still(page)
    box.get_by_label("Votre nom ou votre fonction").fill("Proviseure")
    box.get_by_role("button", name="Envoyer l’avis").press("Enter")
    expect(box).to_contain_text("Avis favorable, donné par Proviseure le")
    still(page)
    yield "un avis donné"


def _parts(visit: Visit, *names: str) -> Iterator[str]:
    """Yield each part of a page, with all that it folds opened; fail if it has others."""
    radios = visit.page.get_by_role("radiogroup", name="Partie").get_by_role("radio")
    expect(radios).to_have_text(names)  # their script may be loaded after the page is still
    for name in names:
        visit.turn(name)
        unfold(visit)
        yield name


WALKS: dict[str, Walk] = {
    "regarder": look,
    "modifier": change,
    "proposer": propose,
    "équipes": teams,
    "bilan": bilan,
    "scénarios": plans,
    "partager": share,
    "données": data,
    "liens": shared,
}
