"""Records: one conversion of each kept kind to and from a row, JSON, a backup and a CLI answer.

`kinds` lists the records; what is written is checked by the very reader that reads it back, and an
entry that cannot be read is left out and named (`Reading`).
"""

from geozones.records.converter import Document, FieldError
from geozones.records.kinds import Reading, Record

__all__ = ["Document", "FieldError", "Reading", "Record"]
