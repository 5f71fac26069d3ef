"""Connectors: how a source's tables are fetched from a folder, a database or an address; one suite tests them all."""

from ._definition import ConnectorFile, FolderPlace, HttpPlace, SqlPlace
from ._folder import FolderAdapter
from ._guard import PullError
from ._http import HttpAdapter
from ._part import Adapter, Part
from ._sql import SqlAdapter

__all__ = [
    "Adapter",
    "ConnectorFile",
    "FolderAdapter",
    "FolderPlace",
    "HttpAdapter",
    "HttpPlace",
    "Part",
    "PullError",
    "SqlAdapter",
    "SqlPlace",
    "adapter_of",
]


def adapter_of(definition: ConnectorFile) -> Adapter:
    """The adapter that the definition names."""
    if definition.folder is not None:
        return FolderAdapter(definition.folder)
    if definition.sql is not None:
        return SqlAdapter(definition.sql)
    assert definition.http is not None
    return HttpAdapter(definition.http)
