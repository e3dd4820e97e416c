import pytest

from geozones.geocode.geoplateforme import house_number, same_street, without_number


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("12 bis rue de la Perrière", "Rue de la Perrière"),
        ("5, av. de Glinde - BP 12", "5 avenue de Glinde"),
        ("RUE DU GAL DE GAULLE", "Rue du Général de Gaulle"),
        ("Bd Jean de Grandmaison", "Boulevard Jean de Grandmaison"),
        ("rue Pasteur", "Rue Louis Pasteur"),
        ("place de l'Édit de Nantes", "Place de l Edit de Nantes"),
        ("Rue St-Exupéry", "rue Saint-Exupéry"),
        ("La Herdrie", "La Herdrie"),
        ("10-12 rue du Fresche", "Rue du Fresche"),
        ("2 rue des Arènes CS 30012", "Rue des Arènes"),
    ],
)
def test_one_street_written_two_ways_is_one_street(asked: str, listed: str) -> None:
    assert same_street(asked, listed)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("rue de la Perrière", "Rue de la Perverie"),
        ("rue de Nantes", "Avenue de Nantes"),
        ("rue Jean Moulin", "Rue Jean Jaurès"),
        ("rue Jean Moulin", "Rue Jean"),
        ("rue du Maréchal Joffre", "Rue du Maréchal Leclerc"),
        ("avenue de la République", "Avenue"),
    ],
)
def test_a_street_that_looks_alike_is_another_street(asked: str, listed: str) -> None:
    assert not same_street(asked, listed)


def test_a_number_is_told_from_the_name() -> None:
    assert house_number("12 bis rue du 8 Mai 1945") == "12"
    assert without_number("12 bis rue du 8 Mai 1945") == "rue du 8 Mai 1945"
    assert house_number("rue du 8 Mai 1945") == ""
