"""The same list in every form, under the usual titles, in any encoding."""

import json

import pytest

from geozones.intake.import_report import Report
from geozones.intake.site_fields import LYCEE_FIELDS
from geozones.workspace.figures.study import Study

from .conftest import Import
from .files import HEAD, LYCEES, ROWS, csv_text, ods, xlsx

GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(zip(HEAD, row, strict=True)),
                "geometry": {"type": "Point", "coordinates": [-0.77, 48.07]},
            }
            for row in ROWS
        ],
    }
)
TABLE = csv_text([HEAD, *ROWS])
FORMS = {
    "semicolons": TABLE.encode(),
    "commas": csv_text([HEAD, *ROWS], ",").encode(),
    "bars": csv_text([HEAD, *ROWS], "|").encode(),
    "tabs": csv_text([HEAD, *ROWS], "\t").encode(),
    "latin-1": TABLE.encode("latin-1"),
    "bom": TABLE.encode("utf-8-sig"),
    "utf-16": TABLE.encode("utf-16"),
    "xlsx": xlsx([HEAD, *ROWS]),
    "ods": ods([HEAD, *ROWS]),
    "geojson": GEOJSON.encode(),
}


def ids(report: Report) -> list[str]:
    return [row.id for row in report.accepted]


NATIONAL = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;"
    "Adresse_1;Adresse_2;Adresse_3;Code_postal;Code_commune;Nom_commune;Code_departement;"
    "Code_academie;Code_region;Ecole_maternelle;Ecole_elementaire;Voie_generale;"
    "Voie_technologique;Voie_professionnelle;Telephone;Fax;Web;Mail;Restauration;Hebergement;ULIS;"
    "Apprentissage;Segpa;Section_arts;Section_cinema;Section_theatre;Section_sport;"
    "Section_internationale;Section_europeenne;Lycee_Agricole;Lycee_militaire;Lycee_des_metiers;"
    "Post_BAC;Appartenance_Education_Prioritaire;GRETA;SIREN_SIRET;Nombre_d_eleves;Fiche_onisep;"
    "position;Type_contrat_prive;Libelle_departement;Libelle_academie;Libelle_region;"
    "coordX_origine;coordY_origine;epsg_origine;nom_circonscription;latitude;longitude"
)


def test_the_53_columns_of_the_national_directory_are_known(imported: Import) -> None:
    values = {
        "Identifiant_de_l_etablissement": "0530010Y", "Nom_etablissement": "Lycée Ambroise Paré",
        "Type_etablissement": "Lycée", "Code_postal": "53000", "Code_commune": "53130",
        "Nom_commune": "Laval", "Code_departement": "053", "latitude": "48.0659",
        "longitude": "-0.7763",
    }  # fmt: skip
    titles = NATIONAL.split(";")
    report = imported(csv_text([titles, [values.get(title, "") for title in titles]]))
    assert (ids(report), report.ambiguous, report.repairs) == (["0530010Y"], (), ())
    assert report.accepted[0].point == (48.0659, -0.7763)
    named = {field: titles[rank] for field, rank in report.listing.columns.items()}
    assert {field: named[field] for field in ("name", "commune", "insee", "lat")} == {
        "name": "Nom_etablissement", "commune": "Nom_commune", "insee": "Code_commune",
        "lat": "latitude",
    }  # fmt: skip


def test_the_user_says_what_the_columns_are(imported: Import) -> None:
    odd = [("Truc", "Machin", "Bidule"), *((row[4], row[3], row[2]) for row in ROWS)]
    report = imported(csv_text(odd), columns={"commune": 0, "name": 1, "code": 2})
    assert ids(report) == LYCEES
    assert set(report.listing.columns) <= set(LYCEE_FIELDS)


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        ("0530010y", None),
        ("053 0010 Y", None),
        ("530010Y", "0530010Y"),
        ("O53OO1OY", "0530010Y"),
        ("0530010V", "0530010Y"),
        ("12/03/2025", "0530010Y"),
        ("", "0530010Y"),
        ("néant", "0530010Y"),
    ],
)
def test_a_code_is_read_or_repaired_and_the_repair_is_reported(
    imported: Import, printed: str, reading: str | None
) -> None:
    report = imported(csv_text([HEAD, ("Mayenne", "1", printed, *ROWS[0][3:])]))
    assert ids(report) == ["0530010Y"]
    repairs = [(r.field, r.was, r.now) for r in report.repairs]
    assert repairs == ([] if reading is None else [("code", printed, reading)])


@pytest.mark.parametrize(
    ("code", "name", "town", "first"),
    [
        # the code of one, the name and the commune of another
        ("0530010Y", "Douanier Rousseau", "LAVAL", "0530010Y"),
        # the key letter is wrong and the name is of nobody here
        ("0530010V", "Jean Moulin", "LAVAL", "0492123S"),
        # two lycées of Cholet may be called so
        ("", "Renaudeau - la Mode", "CHOLET", "0490020F"),
        # a name that three towns have
        ("", "Léonard de Vinci", "", "0440035Z"),
        # a right key letter, unknown to the directory, with the name of one that is known
        ("0530099V", "Ambroise Paré", "LAVAL", "0530010Y"),
        # a second site that nobody knows
        ("0530010Y*", "Les Iris", "LAVAL", "0530010Y"),
    ],
)
def test_an_ambiguous_row_is_left_with_ranked_candidates(
    imported: Import, code: str, name: str, town: str, first: str
) -> None:
    report = imported(csv_text([HEAD, ("Mayenne", "1", code, name, town)]))
    (question,) = report.ambiguous
    assert ids(report) == []
    assert first in {candidate.id for candidate in question.candidates[:3]}
    assert question.why


def test_two_new_lycees_with_long_names_that_begin_alike_are_two(imported: Import) -> None:
    name = "Lycée des métiers de la construction durable et de la transition énergétique rurale "
    rows = [HEAD, *(("Mayenne", "1", "", name + end, "Laval") for end in ("Nord", "Sud", "Sud"))]
    report = imported(csv_text(rows))
    first, second = ids(report)
    assert first[:50] == second[:50]
    assert max(len(first), len(second)) <= 64
    assert [note.row for note in report.notes] == [4]


def test_two_rows_of_one_cite_scolaire_count_once(imported: Import) -> None:
    rows = [
        HEAD,
        ("Sud Loire", "1", "0440062D", "Jean Perrin", "Rezé"),
        ("Sud Loire", "1", "0440063E", "Louis-Jacques Goussier", "Rezé"),
    ]
    report = imported(csv_text(rows))
    assert ids(report) == ["0440062D"]
    assert report.accepted[0].codes == ("0440062D", "0440063E")
    assert [note.row for note in report.notes] == [3]


def test_an_establishment_that_is_not_to_serve_is_refused_with_the_reason(
    imported: Import,
) -> None:
    row = ("Sarthe", "1", "0720896H", "Prytanée national militaire", "La Flèche")
    (refused,) = imported(csv_text([HEAD, row])).rejected
    assert "lycée de la Défense" in refused.why


def test_every_lycee_of_the_data_is_found_again_by_code_and_by_name(
    imported: Import, study: Study
) -> None:
    lycees = study.territory.lycees.values()
    head = ("UAI", "Nom", "Commune", "Dpt")

    def accepted_ids(code: bool) -> set[str]:  # noqa: FBT001
        rows = [
            (x.id if code and not x.id.startswith("X") else "", x.name, x.commune, x.departement)
            for x in lycees
        ]
        report = imported(csv_text([head, *rows]))
        assert report.rejected == ()
        return {row.id for row in report.accepted}

    assert accepted_ids(code=True) == accepted_ids(code=False) == set(study.territory.lycees)
