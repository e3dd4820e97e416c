"""The use cases: the only place where the rooms are joined."""

from geozones.geocode.registry import REGISTRY as GEOCODERS
from geozones.intake.report import LEAVE, NEW, Question, Repair, Report
from geozones.travel.registry import REGISTRY as ENGINES
from geozones.workspace.calendar import Staffing, deployed_sectors, phrases, staffing
from geozones.workspace.colouring import COLOURINGS, Colouring, colour_zones
from geozones.workspace.core import PEAK_FACTOR_RANGE, Workspace, open_workspace
from geozones.workspace.credits import credits_of
from geozones.workspace.destinations import Compensation, Destination
from geozones.workspace.effects import MoveEffect
from geozones.workspace.geocoding import find_places, place_doubt
from geozones.workspace.list_import import COLUMN_LABELS, ListImport
from geozones.workspace.list_places import ListedPlace, Quality, changes_of, places_of, quality
from geozones.workspace.lists import ListedPlan, Renamed, directory_of, planned, read_list
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
    "COLUMN_LABELS",
    "ENGINES",
    "GEOCODERS",
    "LEAVE",
    "LOCAL",
    "NEAR_MINUTES",
    "NEW",
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
    "ListImport",
    "ListedPlace",
    "ListedPlan",
    "MoveEffect",
    "NotAllowedError",
    "Pair",
    "Point",
    "Quality",
    "Question",
    "ReadyStory",
    "Rebuild",
    "Relief",
    "Renamed",
    "Repair",
    "Report",
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
    "changes_of",
    "class_of",
    "colour_zones",
    "compare",
    "credits_of",
    "deployed_sectors",
    "directory_of",
    "effect_of_moves",
    "events_of",
    "find_place",
    "find_places",
    "frontier",
    "isochrone_scene",
    "leaders",
    "open_store",
    "open_workspace",
    "options_of",
    "pair_scene",
    "peak_facts",
    "phrases",
    "place_doubt",
    "place_label",
    "places_of",
    "planned",
    "points_of",
    "posts_event",
    "propose",
    "proposed_story",
    "quality",
    "read_list",
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
