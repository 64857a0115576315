"""The audit trail: who did which civic act to what, when and why. Rows are only ever added.

Each entry is chained to the one before by SHA-256, so that whoever keeps a head of the chain (its
newest number and hash) can tell later whether anything before it was changed, removed, put in
between or moved. Casting a ballot writes nothing here: no row of this table may lead from a person
to a ballot.
"""

from core.audit.emptying import empty_of
from core.audit.entries import AuditEntry, init_app, record
from core.audit.heads import Head, head_before_today, keep_head, kept_heads, newest_head, read_heads
from core.audit.reading import acts_recorded, entries_before, public_entries
from core.audit.verifying import broken_entry

__all__ = [
    "AuditEntry",
    "Head",
    "acts_recorded",
    "broken_entry",
    "empty_of",
    "entries_before",
    "head_before_today",
    "init_app",
    "keep_head",
    "kept_heads",
    "newest_head",
    "public_entries",
    "read_heads",
    "record",
]
