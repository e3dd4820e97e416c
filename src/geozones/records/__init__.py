"""Records: one conversion of each stored kind to and from a row, JSON, a backup and a CLI answer.

The reader that reads a value back also checks what is written. May import `common`, `domain`.
"""

from geozones.records.converter import Document, FieldError
from geozones.records.kinds import Reading, Record

__all__ = ["Document", "FieldError", "Reading", "Record"]
