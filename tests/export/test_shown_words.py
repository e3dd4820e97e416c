"""What files say is French: no English, no name of a setting, no fault of agreement."""

from collections.abc import Callable

import pytest

from geozones.export import Dossier
from helpers.file_texts import book_text, deck_and_notes, page_text
from helpers.shown_words import faults

from .conftest import Drawn


@pytest.mark.parametrize(
    ("key", "read"), [("html", page_text), ("pptx", deck_and_notes), ("xlsx", book_text)]
)
@pytest.mark.parametrize("subject", ["toy_region", "toy_trial"])
def test_a_file_is_in_french(
    key: str,
    read: Callable[[bytes], str],
    subject: str,
    drawn: Drawn,
    request: pytest.FixtureRequest,
) -> None:
    dossier: Dossier = request.getfixturevalue(subject)
    text = read(drawn(dossier, key)).replace("essai.json", "…")  # the name of a file given
    assert len(text) > 1000
    assert faults(text) == ()
