"""Readers of files into checked values: the data folder, plan files, and lists of lycées.

A list goes through four steps, each a module: `document_reader` reads its format, `list_extraction`
its rows, `match` compares each row with the `directory`, `resolve` builds the report.
"""

from geozones.intake.data_folder import (
    DataFolder,
    find_data_folder,
    read_data_folder,
)
from geozones.intake.plan_file import PlanFile, plan_to_json, read_plan
from geozones.intake.sectors_file import CalendarStep

__all__ = [
    "CalendarStep",
    "DataFolder",
    "PlanFile",
    "find_data_folder",
    "plan_to_json",
    "read_data_folder",
    "read_plan",
]
