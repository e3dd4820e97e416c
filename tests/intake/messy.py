"""Lists as people bring them, and what is read of each, as values that a file can keep."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256

from geozones.intake.import_report import Report
from geozones.intake.site_list import SiteList, read_site_list
from geozones.intake.site_tables import read_assignment, read_needs_file
from geozones.intake.travel_tables import read_places, read_time_table
from geozones.workspace.figures.study import Study

from .files import HEAD, ROWS, Table, csv_text, ods, xlsx

type Told = object


def told_report(report: Report) -> Told:
    """What a report says of every row."""
    return _plain({
        "columns": dict(report.listing.columns),
        "sectors": [sector.name for sector in report.listing.sectors],
        "zones": {str(zone): ids for zone, ids in report.by_zone.items()},
        "rows": [(row.row, row.id, row.name, row.commune, row.point) for row in report.accepted],
        "repairs": [(r.row, r.field, r.was, r.now, r.why) for r in report.repairs],
        "questions": [
            (row.row, row.why, [candidate.id for candidate in row.candidates])
            for row in report.ambiguous
        ],
        "rejected": [(row.row, row.why) for row in report.rejected],
        "notes": [(note.row, note.what) for note in report.notes],
    })  # fmt: skip


def told_sites(listed: SiteList) -> Told:
    """What a list of sites says: its columns, its sites, the rows left out."""
    return _plain({
        "columns": [(c.field, c.title, c.confidence, c.origin) for c in listed.columns.guesses],
        "sites": [
            (s.line, s.name, s.code, s.lat, s.lon, s.address, s.postcode, s.commune, s.insee,
             s.departement, s.zone, s.sector, s.size, s.kind)
            for s in listed.sites
        ],
        "left out": [(row.line, row.reason) for row in listed.left_out],
        "remarks": listed.remarks,
    })  # fmt: skip


def digest(told: Told) -> str:
    """A short mark of a value, that another value has not."""
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:10]


def _plain(value: object) -> Told:
    return json.loads(json.dumps(value))


_AGENCIES = (
    ("Évron", "A1", "1 rue de la Paix", "53600", "Évron", 48.155, -0.403, "Nord", 12),
    ("Laval Centre", "A2", "2 place du 11-Novembre", "53000", "Laval", 48.07, -0.77, "Sud", 31),
    ("Mayenne", "A3", "", "53100", "Mayenne", 48.303, -0.614, "Nord", 7),
    ("Le Bureau", "A4", "5 quai Gambetta", "53200", "Château-Gontier", 47.828, -0.703, "Sud", 9),
)
_TITLES = ("Agence", "Réf.", "Adresse", "CP", "Ville", "Lat", "Lng", "Secteur", "Nb postes")


def _table(rows: Table, titles: Table = (_TITLES,)) -> Table:
    return [*titles, *rows]


def _comma(rows: Table) -> Table:
    return [[f"{c}".replace(".", ",") if isinstance(c, float) else c for c in row] for row in rows]


def _geojson() -> str:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(_TITLES[:5], row[:5], strict=True)),
            "geometry": {"type": "Point", "coordinates": [row[6], row[5]]},
        }
        for row in _AGENCIES
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


#: The same agencies in ten forms, each messy in its way.
SITE_LISTS: Mapping[str, Callable[[], bytes]] = {
    "semicolons, decimal commas, latin-1": lambda: csv_text(_table(_comma(_AGENCIES))).encode(
        "latin-1"
    ),
    "tabs, utf-16": lambda: csv_text(_table(_AGENCIES), "\t").encode("utf-16"),
    "a cover above, a total below": lambda: csv_text([
        ("Nos agences",) + ("",) * 8, ("",) * 9, _TITLES, *_AGENCIES,
        ("Total", *[""] * 7, 59),
    ]).encode(),
    "workbook": lambda: xlsx(_table(_AGENCIES)),
    "sheet of a free office": lambda: ods(_table(_AGENCIES)),
    "geojson": lambda: _geojson().encode(),
    "swapped coordinates": lambda: csv_text(
        _table([(*row[:5], row[6], row[5], *row[7:]) for row in _AGENCIES])
    ).encode(),
    "a position in one cell": lambda: csv_text(
        [
            ("nom du site", "geo_point_2d", "effectifs", "catégorie"),
            *((row[0], f"{row[5]}, {row[6]}", row[8], "agence") for row in _AGENCIES),
        ],
        "|",
    ).encode(),
    "no titles": lambda: csv_text([(row[0], row[3], row[5], row[6]) for row in _AGENCIES]).encode(),
    "misspelt titles, no coordinates, a row twice": lambda: csv_text(
        _table(
            [(row[0], row[2], row[3], row[4]) for row in (*_AGENCIES, _AGENCIES[0])],
            [("Libelé", "Adrese", "CP", "Comune")],
        )
    ).encode(),
}  # fmt: skip

#: Lists of lycées with what people and spreadsheets do to them.
LYCEE_LISTS: Mapping[str, Callable[[], bytes | str]] = {
    "codes as numbers": lambda: xlsx([
        ("UAI", "Nom", "Ville", "CP", "Effectif", "Latitude", "Longitude"),
        ("0530010Y", "Ambroise Paré", "LAVAL CEDEX 9", 53000, 1200, 48.0659, -0.7763),
        (530011, "Douanier Rousseau", "laval", 53000.0, 900.5, None, None),
        (None, "Lavoisier", "Mayenne", "053100", None, 48.3, -0.61),
    ]),
    "merged cells": lambda: xlsx(
        [HEAD, ROWS[0], (None, None, *ROWS[1][2:]), (None, "B", *ROWS[2][2:]), ROWS[3]],
        merged=["A2:A4", "B2:B3"],
    ),
    "no titles": lambda: csv_text([row[2:] for row in ROWS]),
    "two lines of titles": lambda: csv_text(
        [("Organisation", "", "Établissement", "", "Lieu"), HEAD, *ROWS]
    ),
    "misread codes and communes": lambda: csv_text([
        HEAD,
        ("Mayenne", "A", "O53OO1OY", "Ambroise Pare", "LAVALL"),
        ("Mayenne", "A", "530011Z", "Douanier Rouseau", "53000 LAVAL"),
        ("Mayenne", "B", "12/03/2025", "Lavoisier", "MAYENNE"),
        ("Mayenne", "B", "", "Paul Scarron", "SILLE"),
        ("Mayenne", "B", "0530099V", "Simone Iff", "ERNEE"),
        ("Mayenne", "B", "", "Jean Moulin", ""),
        ("", "", "0750655E", "Charlemagne", "PARIS"),
        ("Total", "", "", "4", ""),
    ]),
}  # fmt: skip


def told_tables(study: Study) -> Mapping[str, Told]:
    """What other tables say: needs, minutes, places, an assignment."""
    lycees, plan = study.territory.lycees, study.plan
    first, second = sorted(plan.lycees)[:2]
    needs = {
        "needs": [("UAI", "Besoin (demi-journées)"), (first, 3), (second, "4,0"), ("zz", 1)],
        "sizes": [("Liste",), ("Code RNE", "Nom", "Nb d'élèves"), (first, "", "1 200")],
        "needs and workstations": [("Code", "Présence", "Ordinateurs"), (first, 2, 300)],
    }
    minutes = {
        "minutes": [("de", "à", "Durée (min)"), ("A", "B", "12,5"), ("B", "C", ""), ("C", "", 3)],
        "minutes with more": [
            ("Origine", "Destination", "Temps en minutes", "Km", "Usage", "Donnée par"),
            ("A", "B", "65 min", "50 km", "contrôle", "Ada"),
            ("B", "C", "1h05", "", "", ""),
        ],
    }
    places = [("UAI", "Nom", "Adresse", "CP", "Ville"), (first, "A", "", "", ""), ("",) * 5]
    zone = plan.zones[0].id
    assignment = [("Lycée", "Zone de continuité"), (first, zone), (second, "Nouvelle")]
    told: dict[str, object] = {
        name: repr(read_needs_file(csv_text(rows).encode(), lycees)) for name, rows in needs.items()
    }
    told |= {name: repr(read_time_table(csv_text(rows).encode())) for name, rows in minutes.items()}
    told["places"] = repr(read_places(xlsx(places)))
    read = read_assignment(xlsx(assignment), plan)
    told["assignment"] = read and (read.plan.zone_of(first).id, read.plan.zone_of(second).name)
    return told


def told_site_list(name: str) -> Told:
    """What is read of one of `SITE_LISTS`."""
    return told_sites(read_site_list(SITE_LISTS[name](), {}))
