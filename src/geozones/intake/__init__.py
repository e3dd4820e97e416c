"""Files in, checked values out: the data folder and plan files."""

from geozones.intake.data_folder import (
    CalendarStep,
    DataFolder,
    find_data_folder,
    read_data_folder,
)
from geozones.intake.plan_file import PlanFile, plan_to_json, read_plan

__all__ = [
    "CalendarStep",
    "DataFolder",
    "PlanFile",
    "find_data_folder",
    "plan_to_json",
    "read_data_folder",
    "read_plan",
]
