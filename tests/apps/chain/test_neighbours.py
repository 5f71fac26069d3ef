"""Neighbour industries: of any town of the register, by name, on the page, in Excel, in the API and as a command."""

from __future__ import annotations

import json
from io import BytesIO
from types import SimpleNamespace

import pytest
from chain_world import DAY, firm, tell
from django.test import Client
from openpyxl import load_workbook
from typer.testing import CliRunner

from gangshen.apps.chain import services
from gangshen.apps.chain.commands import app
from gangshen.web.errors import Refused

EAST, WEST, SOUTH = "310112 东镇", "310112 西镇", "310112 南镇"


def settled(town: str, *codes: str) -> list[dict[str, object]]:
    return [
        firm(f"{town[-2]}{at}", registered_division=town, industry_registered=code) for at, code in enumerate(codes)
    ]


@pytest.fixture
def towns(world: SimpleNamespace) -> SimpleNamespace:
    """East and west both make 349; west makes 391 besides, east 382; the south does something nobody else does."""
    tell(
        [
            *settled(EAST, "C3491", "3492", "3821", "C3823", "3824"),
            *settled(WEST, "3491", "3499", "3911", "3912"),
            *settled(SOUTH, "7420", "C"),
        ],
        "towns",
    )
    return world


def client_of(user: object) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_a_town_could_grow_into_what_stands_beside_its_strengths_elsewhere(towns: SimpleNamespace) -> None:
    found = services.related(DAY)
    assert (found.town, found.towns) == (EAST, {EAST: 5, WEST: 4, SOUTH: 1}), "the largest unless named"
    ((entry,),) = (found.entries,)
    assert (entry.code, entry.name, entry.firms) == ("391", "计算机制造", 0)
    assert [code for code, _name, _share in entry.near] == ["349"]
    assert entry.density == 1, "all that 391 is seen with stands in the east too"
    assert [one.code for one in services.related(DAY, WEST).entries] == ["382"]
    assert services.related(DAY, SOUTH).entries == (), "nothing stands beside what nobody else does"
    with pytest.raises(KeyError):
        services.related(DAY, "310112 北镇")


def test_page_excel_and_api_say_the_same(towns: SimpleNamespace) -> None:
    client = client_of(towns.user.operator)
    page = client.get("/chain/neighbours/").content.decode()
    assert "391 计算机制造" in page and "349 " in page and "西镇" in page
    assert "382 输配电及控制设备制造" in client.get("/chain/neighbours/", {"town": WEST}).content.decode()
    assert client.get("/chain/neighbours/?town=nowhere").status_code == 404
    sheet = load_workbook(BytesIO(client.get("/chain/neighbours.xlsx", {"town": WEST}).content)).active
    assert sheet is not None and any(
        row[:2] == ("382", "输配电及控制设备制造") for row in sheet.iter_rows(values_only=True)
    )
    told = client.get("/api/chain/neighbours").json()
    assert (told["town"], [one["code"] for one in told["groups"]]) == (EAST, ["391"])
    assert client.get("/api/chain/neighbours?town=nowhere").status_code == 404
    assert client_of(towns.user.sysadmin).get("/chain/neighbours.xlsx").status_code == 403


def test_the_command_names_the_towns_there_are(towns: SimpleNamespace) -> None:
    done = CliRunner().invoke(app, ["neighbours", "--town", WEST, "--json"])
    assert [one["code"] for one in json.loads(done.output)["groups"]] == ["382"]
    assert "391 计算机制造" in CliRunner().invoke(app, ["neighbours"]).output
    lost = CliRunner().invoke(app, ["neighbours", "--town", "北镇"])
    assert isinstance(lost.exception, Refused) and EAST in str(lost.exception.remedy)
