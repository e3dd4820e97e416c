"""Records of Streamlit and its web server in the log of the root logger, where that is JSON.

Streamlit and uvicorn give each of their loggers a handler of its own, which writes lines of text
(seen with Streamlit 1.67, uvicorn 0.3x).
"""

import logging

import streamlit.logger
import uvicorn.config

from geozones.common.json_log import wants_json


def propagate_loggers() -> None:
    """Send all records to the root logger, if ``GEOZONES_LOG`` asks for lines of JSON."""
    if not wants_json():
        return
    streamlit.logger.setup_formatter = _without_handler
    streamlit.logger.update_formatter()
    uvicorn.config.LOGGING_CONFIG["loggers"] = {}


def _without_handler(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
