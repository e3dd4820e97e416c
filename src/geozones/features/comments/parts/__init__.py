"""Parts of pages of comments and opinions."""

from geozones.features.comments.parts.map_panel import FEEDBACK, on_feedback, read_map_part
from geozones.features.comments.parts.shared_page import (
    comments_part,
    follow_selection,
    opinion_page,
    unsent,
)
from geozones.features.comments.parts.sheet import allow_option, sheet_part, waiting_comments
from geozones.features.comments.parts.views import CommentsView
from geozones.ui.feature_parts import FeatureParts, MapList

PARTS = FeatureParts(
    waiting=waiting_comments,
    sheet=sheet_part,
    link_option=allow_option,
    map_list=MapList("commentaires", FEEDBACK, CommentsView, read_map_part, on_feedback),
    shared=comments_part,
    shared_selected=follow_selection,
    closed_link=unsent,
    personal_link=opinion_page,
)
