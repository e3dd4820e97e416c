"""A sector is edited on the map, in the mode « modifier »: what is kept or refused."""

import re
from typing import Any

import pytest

from geozones.domain import DecisionStatus, Milestone, Plan
from geozones.ui.state.carte_views import Selection
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import aim, open_tools
from helpers.page_texts import opened, plain

SARTHE, MAYENNE, BELLEVUE, RACAN = "sarthe", "mayenne", "0720029R", "0720012X"


class Planner:
    """A planner at the panel of the mode « modifier », and the plan of the scenario as stored."""

    def __init__(self, service: Scenarios, scenario: str) -> None:
        self.service, self.scenario = service, scenario
        self.app = opened(scenario=scenario, mode="modifier")

    @property
    def plan(self) -> Plan:
        return self.service.open(self.scenario).plan

    @property
    def said(self) -> str:
        return " ".join(element.proto.body for element in self.app.get("html"))

    @property
    def badges(self) -> list[str]:
        """The status on the card of the chosen sector, and the mark beside it."""
        (kicker,) = re.findall(r'<p class="gz-kicker">Secteur (.*?)</p>', self.said)
        return re.findall("<span[^>]*>([^<]*)</span>", kicker)

    def choose(self, where: str, *opened: str) -> None:
        """Choose a sector or a zone, and unfold what is offered for it."""
        kind, _, name = where.partition(":")
        self.app.session_state["geozones.Selection"] = Selection(**{kind: name})
        open_tools(self.app, *opened)

    def find(self, kind: str, key: str) -> Any:
        """Return a bound widget; its key has a rank more each time that it shows another value."""
        return next(one for one in self.app.get(kind) if re.sub("~.*", "", one.key or "") == key)

    def type(self, field: str, text: str, sector: str = SARTHE) -> None:
        key = f"SectorsView.typed.{sector}.{field}"
        self.find("text_area" if field == "note" else "text_input", key).set_value(text).run()

    def press(self, key: str) -> None:
        self.app.button(key=key).click().run()
        assert not self.app.exception


@pytest.fixture
def planner(service: Scenarios) -> Planner:
    plan = service.new().plan
    first, second = plan.zones_of("vendee")[:2]
    moved = {plan.members(first.id)[0]: second.id}
    work = service.record(service.new(), "move", {"moves": moved})
    return Planner(service, work.scenario.id)


def test_what_is_typed_of_a_draft_is_one_change_that_makes_it_a_proposal(planner: Planner) -> None:
    planner.choose(f"sector:{SARTHE}", "secteur.fiche")
    assert planner.badges == ["brouillon"]
    assert "<dt>Auteur</dt><dd>l&#39;outil</dd>" in planner.said
    planner.type("name", "Sarthe  et Maine")
    planner.type("rns", " Claire Martin ")
    planner.type("note", "Vu avec le rectorat.")
    app = planner.app
    app.selectbox(key=f"SectorsView.typed.{SARTHE}.support_centre").select(BELLEVUE).run()
    app.selectbox(key=f"SectorsView.typed.{SARTHE}.technicians").select(2).run()
    app.checkbox(key=f"SectorsView.typed.{SARTHE}.experimental").check().run()
    assert planner.plan.sector(SARTHE).status is DecisionStatus.DRAFT  # nothing before the click
    planner.press("secteur.enregistrer")
    sector = planner.plan.sector(SARTHE)
    assert (sector.name, sector.rns, sector.support_centre) == (
        "Sarthe et Maine", "Claire Martin", BELLEVUE,
    )  # fmt: skip
    assert (sector.technicians, sector.experimental) == (2, True)
    assert sector.note == "Vu avec le rectorat."
    assert sector.status is DecisionStatus.PROPOSED
    assert "Secteur Sarthe et Maine enregistré dans le scénario : proposé" in planner.said
    assert "rien n&#39;est décidé" in planner.said
    assert "Auteur" not in planner.said  # nobody signs what is only proposed
    assert planner.badges == ["proposé"]
    assert "Pas encore enregistré" not in planner.said
    planner.press("atelier.undo")
    assert planner.plan.sector(SARTHE).status is DecisionStatus.DRAFT
    name = planner.find("text_input", f"SectorsView.typed.{SARTHE}.name")
    assert name.value == "Sarthe"


def test_what_cannot_be_is_said_and_stays_typed(planner: Planner) -> None:
    before = planner.plan
    planner.choose(f"sector:{SARTHE}", "secteur.fiche")
    planner.type("name", "MAYENNE")
    planner.press("secteur.enregistrer")
    assert "déjà MAYENNE" in planner.said
    assert planner.plan == before
    assert planner.app.text_input(key=f"SectorsView.typed.{SARTHE}.name").value == "MAYENNE"


def test_a_published_sector_saved_as_it_is_changes_nothing_and_edited_stays_so_with_a_mark(
    planner: Planner,
) -> None:
    planner.choose(f"sector:{MAYENNE}", "secteur.fiche")
    planner.press("secteur.enregistrer")
    assert "Rien ne change dans le secteur Mayenne" in planner.said
    planner.choose(f"sector:{MAYENNE}", "secteur.fiche")
    planner.type("rns", "", MAYENNE)
    planner.find("selectbox", f"SectorsView.typed.{MAYENNE}.support_centre").select("").run()
    assert "Pas encore enregistré : RNS et centre support." in planner.said
    planner.press("secteur.enregistrer")
    sector = planner.plan.sector(MAYENNE)
    assert (sector.rns, sector.support_centre) == (None, None)
    assert sector.status is DecisionStatus.PUBLISHED
    assert planner.badges == ["publié", "modifié"]


def test_the_centre_is_chosen_among_the_lycees_of_the_sector(planner: Planner) -> None:
    planner.choose(f"sector:{SARTHE}", "secteur.fiche")
    offered = planner.app.selectbox(key=f"SectorsView.typed.{SARTHE}.support_centre").options
    assert len(offered) == 1 + len(planner.plan.lycees_of(SARTHE))  # or none yet
    assert not any("Chevrollier" in name for name in offered)


def test_dates_are_added_refused_out_of_order_put_right_and_taken_out(planner: Planner) -> None:
    planner.choose(f"sector:{SARTHE}", "secteur.dates")
    app, key = planner.app, f"SectorsView.calendars.{SARTHE}"
    planner.press("secteur.date.ajouter")
    planner.press("secteur.dates.enregistrer")
    assert "a un texte" in planner.said
    planner.press("secteur.dates.abandonner")
    for rank, (day, words) in enumerate((("2027-01-04", "Bilan"), ("2026-09-01", "Rentrée"))):
        planner.press("secteur.date.ajouter")
        app.text_input(key=f"{key}.{rank}.text").set_value(words).run()
        app.date_input(key=f"{key}.{rank}.date").set_value(day).run()
    app.checkbox(key=f"{key}.1.uncertain").check().run()
    planner.press("secteur.dates.enregistrer")
    assert "Les dates du calendrier sont à l&#39;envers" in planner.said
    assert planner.plan.sector(SARTHE).milestones == ()
    app.date_input(key=f"{key}.0.date").set_value("2026-07-06").run()
    planner.press("secteur.dates.enregistrer")
    assert planner.plan.sector(SARTHE).milestones == (
        Milestone("2026-07-06", "Bilan"),
        Milestone("2026-09-01", "Rentrée", uncertain=True),
    )
    assert "Secteur Sarthe enregistré dans le scénario : proposé" in planner.said
    assert "Pas encore enregistré" not in planner.said
    assert "<li>1er septembre 2026 : Rentrée (à confirmer)</li>" in planner.said
    planner.press("secteur.date.retirer.0")
    planner.press("secteur.dates.enregistrer")
    assert planner.plan.sector(SARTHE).milestones == (
        Milestone("2026-09-01", "Rentrée", uncertain=True),
    )


def test_a_sector_is_created_chosen_and_given_a_zone(planner: Planner) -> None:
    app = planner.app
    open_tools(app, "secteur.creer")
    app.text_input(key="SectorsView.new_name").set_value("Le Mans").run()
    planner.press("secteur.faire")
    new = planner.plan.sectors[-1]
    assert (new.name, new.status) == ("Le Mans", DecisionStatus.PROPOSED)
    assert "<h3>Le Mans</h3>" in planner.said  # it is the one that is chosen
    planner.choose("zone:SAR-2", "secteur.donner")
    app.selectbox(key="SectorsView.into").select(new.id).run()
    planner.press("secteur.faire")
    assert planner.plan.zone("SAR-2").sector == new.id
    assert "est du secteur Le Mans (proposé)" in planner.said


def test_a_sector_is_split_and_merged(planner: Planner) -> None:
    planner.choose(f"sector:{SARTHE}", "secteur.partage")
    app = planner.app
    app.selectbox(key="SectorsView.act").select("scinder").run()
    app.multiselect(key=f"SectorsView.parts.{SARTHE}").select("SAR-1").run()
    app.text_input(key="SectorsView.part_name").set_value("Allonnes").run()
    planner.press("secteur.faire")
    new = planner.plan.sectors[-1]
    assert [zone.id for zone in planner.plan.zones_of(new.id)] == ["SAR-1"]
    app.selectbox(key="SectorsView.act").select("fusionner").run()
    app.selectbox(key="SectorsView.into").select(new.id).run()
    planner.press("secteur.faire")
    assert SARTHE not in {sector.id for sector in planner.plan.sectors}
    assert len(planner.plan.zones_of(new.id)) == 4
    assert "Sarthe est fusionné avec Allonnes (proposé)" in planner.said
    assert "<h3>Allonnes</h3>" in planner.said


def test_a_zone_that_takes_the_name_of_another_is_renamed_and_this_is_said(
    planner: Planner,
) -> None:
    planner.choose("zone:MAY-3", "zone.outils")
    for name, said in (("Laval – Évron", False), (planner.plan.zone("MAY-1").name, True)):
        planner.find("text_input", "ZonesView.names.MAY-3").set_value(name).run()
        planner.press("zones.faire")
        assert planner.plan.zone("MAY-3").name == name
        assert ("Une autre zone porte déjà ce nom" in planner.said) is said
        # neither name is true of it
        assert "il cite une commune ou un lycée qui" in planner.said
        assert re.search("<h[23][^>]*>Laval<", planner.said)


def test_an_address_that_means_no_place_is_said_when_the_lycee_is_to_open(
    planner: Planner,
) -> None:
    planner.choose(f"sector:{MAYENNE}", "lycee.ouvrir")
    planner.find("text_input", "OpeningView.name").set_value("Neuf").run()
    planner.find("text_input", "OpeningView.where").set_value("nulle part").run()
    planner.press("lycee.faire")
    assert "Aucune commune du territoire n&#39;est reconnue" in planner.said
    assert "Indiquez d&#39;abord" not in planner.said


def test_a_zone_is_created_and_merged_and_a_lock_refuses_a_move(planner: Planner) -> None:
    planner.choose(f"sector:{SARTHE}", "zone.creer")
    planner.find("text_input", "ZonesView.new_name").set_value("Le Marais <i>").run()
    planner.press("zones.faire")
    assert planner.plan.zones_of(SARTHE)[-1].own_name == "Le Marais <i>"
    planner.press("atelier.undo")
    planner.choose("zone:SAR-1", "zone.outils")
    planner.app.selectbox(key="ZonesView.act").select("fusionner").run()
    planner.find("selectbox", "ZonesView.into").select("SAR-2").run()
    planner.press("zones.faire")
    assert "SAR-1" not in {zone.id for zone in planner.plan.zones}
    planner.choose(f"lycee:{RACAN}", "menu.verrous")
    planner.find("text_input", "LocksView.reason").set_value("arbitrage du 12/03").run()
    planner.press("verrou.poser")
    aim(planner.app, "SAR-4")
    assert "verrouillé : arbitrage du 12/03" in plain(planner.app)
    assert planner.plan.zone_of(RACAN).id == "MAY-2"
