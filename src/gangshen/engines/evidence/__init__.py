"""Evidence: typed references to where a shown thing came from."""

from ._ref import Ref, RefError

__all__ = ["Ref", "RefError"]
