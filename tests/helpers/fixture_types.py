"""Short names of what fixtures give to tests: functions that run, refuse, draw or make."""

from collections.abc import Callable
from typing import Any

from geozones.domain import Plan

#: Runs a command, and returns the object that it prints.
type Run = Callable[..., dict[str, Any]]
#: Does what must be refused, and returns what the user is told.
type Refused = Callable[..., str]
#: Draws a plan of the toy region from the lycées of its zones.
type Draw = Callable[..., Plan]
#: Makes a value; fields that are not given have their usual ones.
type Make[Made] = Callable[..., Made]
