"""Find a PostgreSQL that tests may make their own database in, or start one that lives as long as they run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from _shell import PYTHON, Stop, quietly, say, succeeds

CAN_CREATE = """
import sys, psycopg
with psycopg.connect(sys.argv[1], connect_timeout=3) as connection:
    row = connection.execute("select rolcreatedb or rolsuper from pg_roles where rolname = current_user").fetchone()
sys.exit(not row[0])
"""


def _url(host: str, user: str = "postgres") -> str:
    return f"postgresql://{user}@{quote(host, safe='')}/postgres"


def _usable(url: str) -> bool:
    return succeeds([PYTHON, "-c", CAN_CREATE, url])


def _binaries() -> Path | None:
    """The folder of the newest initdb; Debian keeps it off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name.split(".")[0]))
    found = shutil.which("initdb")
    return next((f for f in reversed(folders) if (f / "initdb").exists()), Path(found).parent if found else None)


def _as_user() -> tuple[list[str], str]:
    """PostgreSQL refuses to run as root: the prefix that runs it as someone else, and who that is."""
    if os.geteuid() != 0:
        return [], ""
    user = "postgres" if succeeds(["id", "postgres"]) else "nobody"
    return ["runuser", "-u", user, "--"], user


@contextmanager
def _started(binaries: Path) -> Iterator[str]:
    prefix, user = _as_user()
    home = Path(tempfile.mkdtemp(prefix="gangshen-pg-"))
    if user:
        shutil.chown(home, user)
    data = home / "data"
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    remedy = "Set GANGSHEN_DATABASE_URL to a PostgreSQL where a database may be created."
    options = f"-k {home} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    try:
        initdb = [*prefix, str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        quietly([*initdb, "--no-sync"], "laying a PostgreSQL for the tests", remedy)
        quietly([*control, "-l", str(home / "log"), "-o", options, "start"], "starting it", remedy)
        yield _url(str(home))
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def database() -> Iterator[str | None]:
    """The URL of a PostgreSQL for tests: the one that is set, one that runs here, one started now; None without any."""
    if url := os.environ.get("GANGSHEN_DATABASE_URL", ""):
        if url.startswith("postgres") and not _usable(url):
            raise Stop("GANGSHEN_DATABASE_URL: no connection, or this role may not create databases.")
        yield url
        return
    for url in (_url("/var/run/postgresql"), _url("127.0.0.1"), _url("/var/run/postgresql", "root")):
        if _usable(url):
            say(f"· PostgreSQL for the tests: {url}")
            yield url
            return
    if binaries := _binaries():
        with _started(binaries) as url:
            yield url
        return
    yield None
