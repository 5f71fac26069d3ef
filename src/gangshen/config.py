"""What an installation may set, each by one environment variable."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

__all__ = ["Config", "ConfigError", "load"]


class ConfigError(ValueError):
    """A setting can't be used as it stands."""


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one installation; each field is read from ``GANGSHEN_`` + its name in capitals."""

    home: Path = _setting(
        Path(),
        "Folder of the database, files, snapshots and index. Default: `var/` of the checkout, else the user's data folder.",
    )
    database_url: str = _setting(
        "", "Database, as `postgres://user:password@host:port/name`. Default: SQLite in the home folder."
    )
    secret_key: str = _setting(
        "",
        "Key that signs sessions and tokens. Default: made once and kept in the home folder, readable by its owner only.",
    )
    hosts: tuple[str, ...] = _setting(
        ("127.0.0.1", "localhost", "[::1]"), "Host names the console answers to, separated by commas."
    )
    port: int = _setting(8760, "Port of the console; a busy port makes `up` take the next free one.")
    bind: str = _setting("127.0.0.1", "Address the console listens on.")
    https: bool = _setting(False, "Set to 1 behind HTTPS: secure cookies, HSTS.")
    debug: bool = _setting(False, "Set to 1 for tracebacks on error pages; never on a served zone.")
    session_minutes: int = _setting(30, "Minutes without a request after which a session ends.")
    lockout_failures: int = _setting(5, "Failed log-ins after which a name is locked.")
    lockout_minutes: int = _setting(15, "Minutes a lock lasts.")
    executor: str = _setting(
        "local",
        "How runs are carried out: `local` (a worker process beside the web) or `inline` (at once, in the calling process).",
    )
    upload_megabytes: int = _setting(100, "Largest file that may be uploaded or read, in MB.")
    internal_hosts: tuple[str, ...] = _setting(
        (), "Hosts with an internal address that connectors may reach, separated by commas. Default: none."
    )
    model_url: str = _setting(
        "",
        "Base address (…/v1) of an OpenAI-compatible endpoint that may propose items of a document; texts are sent there. Default: none.",
    )
    model_name: str = _setting("", "Name of the model asked at that address.")
    model_key: str = _setting("", "Key sent to that address, if it asks for one.")


def _default_home() -> Path:
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "zones").is_dir():
        return checkout / "var"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "gangshen"


def _parse(name: str, kind: type, text: str) -> Any:
    if kind is bool:
        return text.strip().lower() in {"1", "true", "yes", "on"}
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return Path(text).expanduser().absolute() if kind is Path else kind(text)
    except ValueError as error:
        raise ConfigError(f"GANGSHEN_{name.upper()}: {text!r} is not a {kind.__name__}; correct or unset it") from error


def _kept_secret(home: Path) -> str:
    file = home / "secret_key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        made = home / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(made, file)  # whole or not at all, and the first process's only
        made.unlink()
    return file.read_text()


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings in force; raises :class:`ConfigError` naming the variable that can't be read."""
    given = {
        one.name: _parse(one.name, type(one.default), environ[f"GANGSHEN_{one.name.upper()}"])
        for one in fields(Config)
        if environ.get(f"GANGSHEN_{one.name.upper()}")
    }
    given.setdefault("home", _default_home())
    if not given.get("secret_key"):
        given["secret_key"] = _kept_secret(given["home"])
    return Config(**given)
