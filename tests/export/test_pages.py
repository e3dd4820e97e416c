"""The two HTML files: whole, asking nothing of anyone, and deaf to what the data says."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from geozones.domain.story import StepKind, Story, StoryStep
from geozones.export.file_parts import document
from geozones.export.html import page
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar, proposed_story
from geozones.render.standalone_map import in_script
from geozones.workspace.figures.study import Study
from geozones.workspace.ledger import ledger_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan
from helpers.fixture_types import Draw

PAGES = ("carte", "webinaire")


def made(study: Study, kind: str, story: Story | None = None) -> str:
    subject = of_baseline(study.analysis)
    if kind == "carte":
        return page(dossier(subject, ExportView())).decode()
    return webinar_page(make_webinar(subject, story).webinar).decode()


class Reader(HTMLParser):
    """What a browser would fetch or run, and the text it would show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.scripts = 0
        self.shown: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.scripts += tag == "script"
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in {"script", "style"}:
            self.shown.append(data)


@pytest.mark.parametrize("kind", PAGES)
def test_the_page_holds_all_it_needs_and_may_fetch_nothing(study: Study, kind: str) -> None:
    text = made(study, kind)
    read = Reader(text)
    assert read.links == ["data:,"]
    assert "default-src 'none'" in text
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert ".leaflet-pane" in styles
    # its typeface is in it, in two weights
    fonts = re.findall(r"url\((.{27})", styles)
    assert fonts == ["data:font/woff2;base64,d09G"] * 2
    assert "font-src data:;" in text
    assert "@import" not in styles
    assert "sourceMappingURL" not in text
    assert "Leaflet 1.9" in text


@pytest.mark.parametrize("kind", PAGES)
def test_what_the_data_says_is_text_and_nothing_else(hostile: Study, kind: str) -> None:
    text = made(hostile, kind)
    read = Reader(text)
    assert read.scripts == 1
    assert read.handlers == []
    assert "<script>alert" not in text
    assert "</script> & Cie" not in text
    shown = " ".join(read.shown)
    assert "Lycée 🎓 de l’Été" in shown or kind == "webinaire"
    assert "Zoé 🎓 Ünal" in shown


def test_a_map_offers_the_layers_that_it_has(study: Study) -> None:
    view = dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))
    bare = replace(view, ground=replace(view.ground, departements=()))
    limits = 'data-layer="departements"'
    assert [limits in page(shown).decode() for shown in (view, bare)] == [True, False]


def test_the_words_of_a_story_are_text_too(study: Study) -> None:
    title, words = "</script><img src=x onerror=alert(1)>", "<b>gras</b> & ]]> \u2028 {{ 7*7 }} 🚀"
    story = Story((StoryStep(StepKind.REGION, title=title, text=words),))
    text = made(study, "webinaire", story)
    read = Reader(text)
    assert read.scripts == 1
    assert "<img" not in text
    assert title in read.shown
    assert any("<b>gras</b> & ]]>" in shown for shown in read.shown)


def test_a_lone_surrogate_from_elsewhere_does_not_stop_the_file(study: Study) -> None:
    story = Story((StoryStep(StepKind.REGION, title="avant \ud83d après"),))
    assert "avant après" in made(study, "webinaire", story)
    assert b"<title>avant ? apr" in document("avant \ud83d après", "", "", "")


def test_no_script_can_end_the_element_it_is_in() -> None:
    assert "</script" not in in_script("'</script><!--'")
    assert "<!--" not in in_script("'</script><!--'")


@pytest.mark.parametrize("kind", PAGES)
def test_the_same_plan_gives_the_same_bytes(study: Study, kind: str) -> None:
    assert made(study, kind) == made(study, kind)


@pytest.mark.parametrize(
    ("error", "told"), [(0.05, "Ce qui s’améliore"), (0.5, "Dans la marge d’erreur")]
)
def test_a_comparison_says_whether_a_difference_is_within_the_error(
    toy: Study, toy_of: Draw, error: float, told: str
) -> None:
    width = np.exp(1.2816 * error)
    times = replace(toy.times, low=toy.times.minutes / width, high=toy.times.minutes * width)
    unsure = replace(toy, analysis=replace(toy.analysis, times=times))
    before = unsure.with_plan(toy_of(N1="ABCD", N2="EFI", S1="GH"))
    after = of_plan(before.with_plan(before.plan.move("D", "N2")), "essai.json")
    first = replace(of_baseline(toy.analysis), study=before)
    second = replace(after, study=before.with_plan(before.plan.move("D", "N2")), base=first)
    text = page(dossier(second, ExportView("before-after"))).decode()
    row = re.search(
        r'<td[^>]*>([^<]*)</td><th scope="row">Trajet moyen entre collègues</th>.*?</tr>', text
    )
    assert unescape(row[1]) == told
    assert "\u22121,0" in row[0]
    assert "Objectif" not in text


def test_a_webinar_has_a_slide_for_each_step_and_says_it_to_a_screen_reader(
    study: Study,
) -> None:
    text = made(study, "webinaire")
    steps = len(proposed_story(ledger_of(study.atlas, ""), study.plan).steps)
    assert text.count("<article id=") == steps
    assert f"\\u00c9tape 1 sur {steps}. Quatre zones sur 32" in text
    assert 'role="status"' in text


def test_the_map_s_file_has_the_organisation_and_the_calendar_with_its_doubts(
    study: Study,
) -> None:
    text = made(study, "carte")
    read = " ".join(Reader(text).shown).replace("\u00a0", " ")
    for said in (
        "Lucien Druault",
        "« Présence physique régulière des techniciens au sein des lycées",
        "« Prise des repas au sein des lycées d’affectation au tarif ARL. »",
        "L’escalade d’une demande",
        "Les noms des zones sont de l’outil",
        "Bilans de l’expérimentation attendus",
        "Janvier 2026",
        "Le texte reçu porte « novembre 5 janvier 2026 »",
    ):
        assert said in read, said
    assert text.count('class="org"') == 2 + len(study.plan.sectors)
