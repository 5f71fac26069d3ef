"""The file of a connector (zone folder: ``connectors/KEY.yaml``). Secrets are named by environment setting, never written."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["ConnectorFile", "FolderPlace", "HttpPlace", "SqlPlace"]

Setting = Annotated[str, Field(pattern=r"^GANGSHEN_CONNECT_[A-Z0-9_]+$")]
"""Only settings made for connectors may be named: a zone file must not send the installation's own secrets away."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FolderPlace(_Strict):
    """Files put into a folder: below ``inbox/`` of the home folder, or where ``setting`` says."""

    path: str = ""
    setting: Setting | None = None
    pattern: str = "*"

    @field_validator("path")
    @classmethod
    def inside(cls, path: str) -> str:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ValueError("a path below the inbox, without ..; name another place by a setting")
        return path


class SqlPlace(_Strict):
    """One query of a database named by ``setting``: sqlite:///FILE or postgres://…; rows newer than the cursor are read."""

    setting: Setting
    query: str = Field(min_length=1)
    cursor: str = Field("", pattern=r"^\w*$", description="Column of the query that only grows; empty: read whole.")
    chunk: int = Field(5000, ge=1, le=100_000, description="Rows of one import.")

    @field_validator("query")
    @classmethod
    def one_select(cls, query: str) -> str:
        plain = query.strip().rstrip(";").strip()
        if ";" in plain or plain.split(None, 1)[0].lower() not in ("select", "with"):
            raise ValueError("one SELECT, without a semicolon inside")
        return plain


class HttpPlace(_Strict):
    """Pages of JSON. ``rows`` is where the list stands (``data.items``; empty: the answer itself)."""

    url: str = Field(pattern=r"^https?://\S+$")
    token: Setting | None = Field(None, description="Setting that holds the bearer token.")
    rows: str = ""
    page: str = Field("", description="Parameter that counts pages from 1; empty: follow `next` or read one page.")
    size: str = Field("", description="Parameter of the page size.")
    page_size: int = Field(500, ge=1, le=10_000)
    next: str = Field("", description="Where the answer holds the address of the next page.")
    cursor: str = Field("", description="Field of a row that only grows.")
    since: str = Field("", description="Parameter by which only rows after the cursor are asked for.")


class ConnectorFile(_Strict):
    """Whose data, into which register, from where, how often."""

    source: str = Field(pattern=r"^[a-z0-9_-]+$", description="Key of a source of sources.yaml.")
    into: str = Field("enterprises", description="Register: enterprises, projects, parcels, devices.")
    every_hours: int = Field(24, ge=1, le=24 * 366)
    enabled: bool = True
    purpose: str = ""
    grade: str = ""
    period: str = ""
    headers: dict[str, str] = Field(default_factory=dict, description="Header → attribute[:unit], `-` leaves it out.")
    folder: FolderPlace | None = None
    sql: SqlPlace | None = None
    http: HttpPlace | None = None

    @model_validator(mode="after")
    def one_place(self) -> ConnectorFile:
        if sum(place is not None for place in (self.folder, self.sql, self.http)) != 1:
            raise ValueError("say one of folder, sql, http")
        return self

    @property
    def kind(self) -> str:
        return "folder" if self.folder else "sql" if self.sql else "http"
