"""Log of Streamlit and its web server, in JSON where the settings ask for it."""

import logging

import streamlit.logger
import uvicorn.config

from geozones.common.json_log import wants_json, write_json
from geozones.common.telemetry import enable_telemetry


def start_log() -> None:
    """Write the log as lines of JSON if ``GEOZONES_LOG`` asks for it; raise ``InputError``.

    Streamlit and uvicorn give each of their loggers a handler of its own (seen with Streamlit 1.67,
    uvicorn 0.3x): here all records go to the handler of the root logger.
    """
    enable_telemetry()
    if not wants_json():
        return
    write_json()
    streamlit.logger.setup_formatter = _without_handler
    streamlit.logger.update_formatter()
    uvicorn.config.LOGGING_CONFIG["loggers"] = {}


def _without_handler(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
