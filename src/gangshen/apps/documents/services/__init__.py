"""Documents: filed, read, checked item by item, and handed to whoever adopts what was read."""

from ._adopting import ADOPTERS, Adopter, adopt, finish
from ._filing import set_status, supersede, upload
from ._items import add_item, decide, progress, undo
from ._places import Place, places
from ._reading import READER, current, read, start_reading, text

__all__ = [
    "ADOPTERS",
    "READER",
    "Adopter",
    "Place",
    "add_item",
    "adopt",
    "current",
    "decide",
    "finish",
    "places",
    "progress",
    "read",
    "set_status",
    "start_reading",
    "supersede",
    "text",
    "undo",
    "upload",
]
