"""The zone folder's own files: read whole or not at all, written the same way twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.apps.archive import portable as sources
from gangshen.apps.archive.models import Source
from gangshen.apps.identity import portable, services
from gangshen.apps.identity.models import Organisation, Role, User, Zone
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
ZONE = "key: demo\nname:\n  zh: 示范区\n  en: Demo zone\ndemo_today: 2026-04-15\nsettings:\n  b: 1\n  a: [x]\n"
ORGANISATIONS = """key,kind,code,name,short_name,name_en,aliases,synthetic,members
jw,agency,,区经济委员会,区经委,,区经信委;经委,,
town,agency,,马桥镇人民政府,马桥镇,,,,
towns,group,,各相关街镇,,,,,town
"""
ENTERPRISES = """key,kind,code,name,short_name,name_en,aliases,synthetic,members
e1,enterprise,91310000MA1FL0000X,"甲,公司",,,,是,
"""
USERS = """- username: op
  name: 王敏
  organisation: jw
  roles: [operator]
  password: demo-1
- username: sec
  roles: [security_admin]
  language: en
  password: demo-2
"""
SOURCES = "- key: tax\n  name: 税务\n  owner: jw\n  rank: 10\n- key: visit\n  name: {zh: 走访, en: Visits}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "zone"
    made.mkdir()
    for name, text in {
        "zone.yaml": ZONE,
        "organisations.csv": ORGANISATIONS,
        "enterprises.csv": ENTERPRISES,
        "users.yaml": USERS,
        "sources.yaml": SOURCES,
    }.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def load(folder: Path) -> None:
    portable.load(folder, now=NOW)
    sources.load(folder, now=NOW)


def dump(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    portable.dump(folder)
    sources.dump(folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_loads_what_the_files_say(folder: Path) -> None:
    load(folder)
    assert services.zone().demo_today == dt.date(2026, 4, 15)
    assert [unit.key for unit in services.expand("各相关街镇")] == ["town"]
    assert services.organisation("e1").synthetic
    assert services.demo_users() == [
        ("op", "demo-1", str(Role.OPERATOR.label)),
        ("sec", "demo-2", str(Role.SECURITY_ADMIN.label)),
    ]
    assert User.objects.get(username="op").check_password("demo-1")
    assert Source.objects.get(key="tax").owner.key == "jw"


def test_export_load_export_is_byte_identical(folder: Path, tmp_path: Path) -> None:
    load(folder)
    first = dump(tmp_path / "first")
    load(tmp_path / "first")
    assert dump(tmp_path / "second") == first
    Source.objects.all().delete()
    assert first["organisations.csv"].decode() == ORGANISATIONS
    assert first["enterprises.csv"].decode() == ENTERPRISES


def test_a_second_load_changes_what_the_files_changed(folder: Path) -> None:
    load(folder)
    (folder / "users.yaml").write_text(
        USERS.replace("[operator]", "[leader]").replace("王敏", "李敏"), encoding="utf-8"
    )
    load(folder)
    user = User.objects.get(username="op")
    assert (user.display_name, list(user.role_grants.values_list("role", flat=True))) == ("李敏", ["leader"])
    assert user.check_password("demo-1")


def test_a_live_zone_takes_no_password_from_a_file_and_writes_none(folder: Path, tmp_path: Path) -> None:
    (folder / "zone.yaml").write_text("key: live\nname: 区\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"users\.yaml:\[0\]\.password"):
        load(folder)
    users = "".join(line for line in USERS.splitlines(True) if "password" not in line)
    (folder / "users.yaml").write_text(users, encoding="utf-8")
    load(folder)
    assert not User.objects.get(username="op").has_usable_password()
    assert b"password" not in dump(tmp_path / "out")["users.yaml"]


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("organisations.csv", "jw,agency", "jw,club", "organisations.csv:2:kind"),
        ("organisations.csv", "town,agency", "jw,agency", "organisations.csv:3:key"),
        ("organisations.csv", ",town\n", ",nobody\n", "organisations.csv:4:members"),
        ("organisations.csv", "short_name", "colour", "organisations.csv:1:colour"),
        ("organisations.csv", "区经济委员会", "", "organisations.csv:2:name"),
        ("enterprises.csv", "是", "perhaps", "enterprises.csv:2:synthetic"),
        ("users.yaml", "organisation: jw", "organisation: no", "users.yaml:[0].organisation"),
        ("users.yaml", "operator", "boss", "users.yaml:4"),
        ("zone.yaml", "key: demo", "key: Demo Zone", "zone.yaml:1:key"),
        ("sources.yaml", "rank: 10", "rang: 10", "sources.yaml:4"),
        ("sources.yaml", "owner: jw", "owner: no", "sources.yaml:[0].owner"),
        ("sources.yaml", "key: visit", "key: tax", "sources.yaml:[1].key"),
    ],
)
def test_a_fault_names_its_place_and_leaves_the_database_as_it_was(
    folder: Path, name: str, old: str, new: str, place: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        load(folder)
    assert place in str(caught.value)
    if name != "sources.yaml":
        assert not Zone.objects.exists() and not Organisation.objects.exists() and not User.objects.exists()
    assert not Source.objects.exists()


def test_a_missing_zone_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"zone\.yaml"):
        portable.load(tmp_path, now=NOW)
