"""Page « Carte »: the working screen, a map that fills the window and panels over it.

``screen`` holds the layout; ``shown`` the plan on screen and the plan compared with; ``scene`` the
scene of the map; ``gestures`` the handlers of gestures; ``scenario_panel``, ``detail_panel`` and
``figures_panel`` the panels.
"""

from geozones.ui.carte.screen import carte

__all__ = ["carte"]
