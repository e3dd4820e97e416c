"""The use cases: the only place where the rooms are joined."""

from geozones.travel.registry import REGISTRY as ENGINES
from geozones.workspace.calendar import Staffing, deployed_sectors, phrases, staffing
from geozones.workspace.colouring import COLOURINGS, Colouring, colour_zones
from geozones.workspace.core import PEAK_FACTOR_RANGE, Workspace, open_workspace
from geozones.workspace.credits import credits_of
from geozones.workspace.destinations import Compensation, Destination
from geozones.workspace.effects import MoveEffect
from geozones.workspace.matrix import (
    Built,
    Comparison,
    Rebuild,
    build_matrix,
    build_roads,
    compare,
    use_shipped,
)
from geozones.workspace.places import FoundPlace, find_place
from geozones.workspace.proposals import frontier, options_of, propose
from geozones.workspace.reach import (
    CLASSES,
    NEAR_MINUTES,
    Access,
    CentreReach,
    Pair,
    access,
    centre_reach,
    class_of,
    place_label,
    worst_pairs,
)
from geozones.workspace.roles import LOCAL, ROLE_NAMES, Actor, NotAllowedError, Role
from geozones.workspace.scenarios import PUBLISHED, Scenarios, Work
from geozones.workspace.scenes import NOT_PUBLISHED, SceneOptions, build_scene, leaders, peak_facts
from geozones.workspace.search import Point, Search, Told, events_of, points_of
from geozones.workspace.stores import open_store
from geozones.workspace.story import ReadyStory, proposed_story, story_choices, story_of, tell
from geozones.workspace.team_names import read_names, write_names
from geozones.workspace.team_needs import read_needs
from geozones.workspace.team_search import TeamSearch, posts_event
from geozones.workspace.team_sheet import absence_sheet
from geozones.workspace.teams import CentreLoad, Relief, Schedule, Staff, Standing, Technicians
from geozones.workspace.telling import effect_of_moves, told
from geozones.workspace.travel import Trip
from geozones.workspace.travel_scenes import access_scene, isochrone_scene, pair_scene

__all__ = [
    "CLASSES",
    "COLOURINGS",
    "ENGINES",
    "LOCAL",
    "NEAR_MINUTES",
    "NOT_PUBLISHED",
    "PEAK_FACTOR_RANGE",
    "PUBLISHED",
    "ROLE_NAMES",
    "Access",
    "Actor",
    "Built",
    "CentreLoad",
    "CentreReach",
    "Colouring",
    "Comparison",
    "Compensation",
    "Destination",
    "FoundPlace",
    "MoveEffect",
    "NotAllowedError",
    "Pair",
    "Point",
    "ReadyStory",
    "Rebuild",
    "Relief",
    "Role",
    "Scenarios",
    "SceneOptions",
    "Schedule",
    "Search",
    "Staff",
    "Staffing",
    "Standing",
    "TeamSearch",
    "Technicians",
    "Told",
    "Trip",
    "Work",
    "Workspace",
    "absence_sheet",
    "access",
    "access_scene",
    "build_matrix",
    "build_roads",
    "build_scene",
    "centre_reach",
    "class_of",
    "colour_zones",
    "compare",
    "credits_of",
    "deployed_sectors",
    "effect_of_moves",
    "events_of",
    "find_place",
    "frontier",
    "isochrone_scene",
    "leaders",
    "open_store",
    "open_workspace",
    "options_of",
    "pair_scene",
    "peak_facts",
    "phrases",
    "place_label",
    "points_of",
    "posts_event",
    "propose",
    "proposed_story",
    "read_names",
    "read_needs",
    "staffing",
    "story_choices",
    "story_of",
    "tell",
    "told",
    "use_shipped",
    "worst_pairs",
    "write_names",
]
