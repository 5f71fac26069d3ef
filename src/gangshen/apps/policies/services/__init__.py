"""Policies: kept in dated editions, applied as of a day, matched with every enterprise."""

from ._editions import Edition, edition_at, editions_in_force, file_of, save
from ._law import engine_policy

__all__ = ["Edition", "edition_at", "editions_in_force", "engine_policy", "file_of", "save"]
