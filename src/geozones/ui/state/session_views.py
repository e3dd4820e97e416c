"""View state of the session, whichever page is open: scenario, page, message, hypotheses, files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from geozones.domain.peak import Moment
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.render import Scene
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.presence import Company
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class Current:
    """Current scenario, and what the cookies of this browser were told to keep.

    ``remembered`` is the scenario; ``is_known`` tells whether the browser keeps its own code.
    """

    work: Work | None = None
    remembered: str | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """Other people who have the session's scenario open, and this session's code among them."""

    session: str = ""
    company: Company = field(default_factory=Company)

    @property
    def browser(self) -> str:
        """Return the code of the browser; empty before the first meeting."""
        return self.session.partition(".")[0]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Open page: the function that draws its body, and whether it has the map.

    ``logged_in`` tells whether this session has belonged to a user above the visitor's role.
    """

    body: Callable[[Study], None] | None = None
    has_map: bool = False
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether the map's address has been read, and whether Back has to be followed.

    ``parameters`` holds the parameters of that address, for the link that leads back to the map.
    """

    seen: bool = False
    back: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastMap:
    """Last scene of the map, which stays in the page while another page is open.

    ``known`` are the keys of the parts already sent (`geozones.render.scene_json.scene_keys`).
    """

    scene: Scene | None = field(default=None, repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Message of a page, which disappears with it; ``kind`` is ``ok``, ``warning`` or ``error``.

    A message that ``follows`` is shown on the page that opens next.
    """

    kind: str = "ok"
    text: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class HypothesesView:
    """Hypotheses of the figures on every page; ``None``: the settings of the data.

    ``max_minutes`` is the longest drive allowed inside a zone, ``moment`` the time of day of the
    drives, ``peak_factor`` a further multiplier of every drive; ``tool_rules`` tells whether the
    rules of the tool are checked.
    """

    max_minutes: int | None = None
    tool_rules: bool = True
    moment: Moment = Moment.OFF_PEAK
    peak_factor: float = 1.0
    teams: TeamSettings | None = None
    cost: CostSettings | None = None


@dataclass(frozen=True, slots=True)
class CostView:
    """Hypotheses of the yearly cost typed with values that are not valid, by field."""

    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Number of files taken from each uploader (`ui.server.uploads`)."""

    taken: Mapping[str, int] = field(default_factory=dict)
