"""A gesture does not wait while Python looks through all that the server holds."""

import gc

import pytest
import streamlit as st
from streamlit import config

from helpers.page_texts import opened


@pytest.mark.slow
@pytest.mark.usefixtures("service")
def test_what_stays_as_long_as_the_server_is_not_collected() -> None:
    st.cache_resource.clear()
    gc.unfreeze()
    before = len(gc.get_objects())
    assert opened()
    assert len(gc.get_objects()) < before / 2


def test_nothing_is_collected_after_each_gesture() -> None:
    assert not config.get_option("runner.postScriptGC")
