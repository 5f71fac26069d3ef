"""The archive: files by their content, what rests on what, sources, and the sealed audit trail."""

from ._evidence import RIGHTS, check_archive, evidence_archive, search_entries
from ._files import path, read, store, uploaded, verify_files
from ._links import GROUNDS, Chain, chain, link, links_to, unlink
from ._seals import Sealed, seal, verify_seals
from ._sources import source, upsert_source
from ._trail import EVENTS, record_event

__all__ = [
    "EVENTS",
    "GROUNDS",
    "RIGHTS",
    "Chain",
    "Sealed",
    "chain",
    "check_archive",
    "evidence_archive",
    "link",
    "links_to",
    "path",
    "read",
    "record_event",
    "seal",
    "search_entries",
    "source",
    "store",
    "unlink",
    "uploaded",
    "upsert_source",
    "verify_files",
    "verify_seals",
]
