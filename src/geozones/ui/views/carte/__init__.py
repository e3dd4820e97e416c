"""Page « Carte »: the working screen, a map that fills the window and panels over it.

``screen`` lays it out; ``shown`` says which plan is on screen and which it is compared with;
``scene`` what the map draws; ``gestures`` what is done on it; ``scenario_panel``, ``detail_panel``
and ``figures_panel`` are the panels.
"""

from geozones.ui.views.carte.screen import carte

__all__ = ["carte"]
