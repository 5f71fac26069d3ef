"""The columnar parts that other engines compute with: prepared columns and bit planes."""

from ._columns import Columns, Scalars, Titles, Words
from ._planes import Cost, Kleene, Plane, bits, pack

__all__ = ["Columns", "Cost", "Kleene", "Plane", "Scalars", "Titles", "Words", "bits", "pack"]
