"""The zone, its organisations and its users as files: ``zone.yaml organisations.csv enterprises.csv users.yaml``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from gangshen.apps.identity import services
from gangshen.apps.identity.models import Organisation, OrganisationGroup, Role, User, Zone
from gangshen.engines.formats import (
    FormatError,
    Problem,
    Row,
    Text,
    dump_yaml,
    load_yaml,
    read_table,
    write_csv,
)

__all__ = ["LoadReport", "UserEntry", "ZoneFile", "dump", "load", "zone_file"]

COLUMNS = ("key", "kind", "code", "name", "short_name", "name_en", "aliases", "synthetic", "members")
ORGANISATIONS, ENTERPRISES = "organisations.csv", "enterprises.csv"
GROUP = "group"
_TRUE, _FALSE = {"是", "true", "1"}, {"", "否", "false", "0"}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, by kind of thing."""

    loaded: dict[str, int]


class ZoneFile(BaseModel):
    """``zone.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z0-9-]+$", description="Short name of the zone, in small letters.")
    name: Text
    authority: str = Field("", description="The administrative authority that may decide and pay.")
    company: str = Field("", description="The zone company: serves and recommends.")
    demo_today: dt.date | None = Field(None, description="A demo zone's fixed date; leave out in a live zone.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Settings of the offices, by name.")


class UserEntry(BaseModel):
    """One user of ``users.yaml``. A password stands here only in a demo zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    name: str = ""
    email: str = ""
    organisation: str = ""
    roles: list[Literal[tuple(Role.values)]] = []  # type: ignore[valid-type]
    language: Literal["zh-hans", "en"] = "zh-hans"
    password: str = ""
    active: bool = True


def zone_file(folder: Path) -> ZoneFile:
    """``zone.yaml`` of a zone folder; raises FormatError naming file, line and field."""
    return load_yaml(folder / "zone.yaml", ZoneFile)


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Read all files first; a fault in any leaves the database as it was."""
    zone = zone_file(folder)
    tables = [list(_organisations(folder / name)) for name in (ORGANISATIONS, ENTERPRISES) if (folder / name).is_file()]
    rows = [row for table in tables for row in table]
    _known_members(rows)
    users = load_yaml(folder / "users.yaml", list[UserEntry]) if (folder / "users.yaml").is_file() else []
    _check_users(users, rows, zone)
    _zone(zone)
    groups = {row["key"]: (row["name"], row["members"]) for _line, row in rows if row["kind"] == GROUP}
    firms = (
        {name: value for name, value in row.items() if name != "members"} for _line, row in rows if row["kind"] != GROUP
    )
    counts = services.upsert_organisations(firms)
    with transaction.atomic():
        services.upsert_groups(groups)
        made = {entry.username: _user(entry, now=now) for entry in users}
        for entry in sorted(users, key=lambda user: "security_admin" not in user.roles):  # one stays, whoever it is
            _rights(made[entry.username], entry, now=now)
    organisations = counts.added + counts.changed + counts.unchanged
    return LoadReport({"organisations": organisations, "groups": len(groups), "users": len(users)})


def _zone(zone: ZoneFile) -> None:
    services.set_zone(
        key=zone.key,
        name=zone.name.zh,
        name_en=zone.name.en or "",
        authority=zone.authority,
        company=zone.company,
        demo_today=zone.demo_today,
        settings=zone.settings,
    )


Numbered = tuple[tuple[str, int], dict[str, Any]]  # ((file, line), row)


def _organisations(file: Path) -> Iterator[Numbered]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    rows: list[Numbered] = []
    table = read_table(file, required=("key", "kind", "name"))
    for header in table.headers:
        if header not in COLUMNS:
            words = Text(zh=f"未知的列（可用：{'、'.join(COLUMNS)}）", en=f"unknown column (use: {', '.join(COLUMNS)})")
            problems.append(Problem(file.name, 1, header, words))
    for row in table:
        values: dict[str, Any] = {name: row.cells.get(name) or "" for name in COLUMNS}
        problems += [Problem(file.name, row.line, field, words) for field, words in _faults(values, row, seen)]
        values["synthetic"] = values["synthetic"].lower() in _TRUE
        values["members"] = [part.strip() for part in values["members"].replace("；", ";").split(";") if part.strip()]
        rows.append(((file.name, row.line), values))
    if problems:
        raise FormatError(problems)
    yield from rows


def _faults(values: dict[str, Any], row: Row, seen: dict[str, int]) -> Iterator[tuple[str, Text]]:
    kinds = [*Organisation.Kind.values, GROUP]
    for name in ("key", "name"):
        if not values[name]:
            yield name, Text(zh="不能为空（补上）", en="is empty (fill it in)")
    if values["kind"] not in kinds:
        yield (
            "kind",
            Text(
                zh=f"{values['kind']}：未知的类别（{'、'.join(kinds)}）", en=f"unknown kind (use: {', '.join(kinds)})"
            ),
        )
    if values["synthetic"].lower() not in _TRUE | _FALSE:
        yield "synthetic", Text(zh="应为 是 或 否", en="must be 是 or 否")
    if values["key"] and values["key"] in seen:
        first = seen[values["key"]]
        yield "key", Text(zh=f"与第 {first} 行重复（删去其一）", en=f"given in line {first} already (remove one)")
    seen.setdefault(values["key"], row.line)


def _known_members(rows: list[Numbered]) -> None:
    there = {row["key"] for _place, row in rows if row["kind"] != GROUP}
    problems = [
        Problem(
            file,
            line,
            "members",
            Text(zh=f"没有组织 {member}（先列出它）", en=f"no organisation {member} (list it first)"),
        )
        for (file, line), row in rows
        for member in row["members"]
        if member not in there and not Organisation.objects.filter(key=member).exists()
    ]
    if problems:
        raise FormatError(problems)


def _check_users(users: list[UserEntry], rows: list[Numbered], zone: ZoneFile) -> None:
    there = {row["key"] for _place, row in rows}
    problems = []
    for number, user in enumerate(users):
        key = user.organisation
        if key and key not in there and not Organisation.objects.filter(key=key).exists():
            words = Text(
                zh=f"没有组织 {key}（在 {ORGANISATIONS} 中列出）",
                en=f"no organisation {key} (list it in {ORGANISATIONS})",
            )
            problems.append(Problem("users.yaml", None, f"[{number}].organisation", words))
        if user.password and not zone.demo_today:
            words = Text(
                zh="只有演示区可在文件中写口令（删去，由安全管理员设置）",
                en="only a demo zone has passwords in a file (remove it; the security administrator sets one)",
            )
            problems.append(Problem("users.yaml", None, f"[{number}].password", words))
    if problems:
        raise FormatError(problems)


def _user(entry: UserEntry, *, now: dt.datetime) -> User:
    home = services.organisation(entry.organisation) if entry.organisation else None
    user = User.objects.filter(username=entry.username).first()
    if user is not None:
        return services.update_user(
            user, by=None, display_name=entry.name, email=entry.email, organisation=home, language=entry.language
        )
    return services.create_user(
        entry.username,
        entry.password or None,
        by=None,
        now=now,
        display_name=entry.name,
        email=entry.email,
        organisation=home,
        language=entry.language,
        demo=bool(entry.password),
    )


def _rights(user: User, entry: UserEntry, *, now: dt.datetime) -> None:
    held = set(user.role_grants.values_list("role", flat=True))
    for role in sorted(held - set(entry.roles)):
        services.revoke_role(user, role, by=None, now=now, reason="users.yaml")
    for role in entry.roles:
        services.grant_role(user, role, by=None, now=now)
    if user.is_active and not entry.active:
        services.disable_user(user, by=None)
    elif entry.active and not user.is_active:
        services.enable_user(user, by=None)


def dump(folder: Path) -> None:
    """Write the files of a zone folder, in the order things came. Passwords of a live zone are never written."""
    zone = services.zone()
    content = ZoneFile(
        key=zone.key,
        name=Text(zh=zone.name, en=zone.name_en or None),
        authority=zone.authority,
        company=zone.company,
        demo_today=zone.demo_today,
        settings=json.loads(json.dumps(zone.settings, sort_keys=True)),
    )
    (folder / "zone.yaml").write_text(dump_yaml(content), encoding="utf-8")
    firms = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).order_by("pk")
    units = Organisation.objects.exclude(kind=Organisation.Kind.ENTERPRISE).order_by("pk")
    groups = OrganisationGroup.objects.order_by("pk")
    _write(folder / ORGANISATIONS, [*map(_row, units), *map(_group_row, groups)])
    _write(folder / ENTERPRISES, map(_row, firms.iterator()))
    users = [_entry(user, zone) for user in User.objects.order_by("pk").select_related("organisation")]
    if users:
        (folder / "users.yaml").write_text(dump_yaml(users, list[UserEntry]), encoding="utf-8")


def _row(one: Organisation) -> list[Any]:
    return [one.key, one.kind, one.code, one.name, one.short_name, one.name_en, one.aliases, one.synthetic or "", ""]


def _group_row(group: OrganisationGroup) -> list[Any]:
    members = ";".join(group.members.order_by("key").values_list("key", flat=True))
    return [group.key, GROUP, "", group.name, "", "", "", "", members]


def _write(file: Path, rows: Iterable[list[Any]]) -> None:
    listed = list(rows)
    if listed:
        file.write_text(write_csv(COLUMNS, listed), encoding="utf-8", newline="")


def _entry(user: User, zone: Zone) -> UserEntry:
    return UserEntry(
        username=user.username,
        name=user.display_name,
        email=user.email,
        organisation=user.organisation.key if user.organisation else "",
        roles=sorted(user.role_grants.values_list("role", flat=True)),
        language=user.language,  # type: ignore[arg-type]
        password=user.demo_password if zone.demo_today else "",
        active=user.is_active,
    )
