"""Pages, files, API and command line of the chain, and who may see what."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as Tree
from typing import Any

import docx
import openpyxl
import pytest
from chain_world import DAY, NOW, firm, tell
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.chain import services
from gangshen.apps.chain.commands import app
from gangshen.apps.chain.models import Candidate, Chain, Lead, Node, Placement
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db


def entered(user: Any) -> Client:
    user.language = "en"
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_map_answers_first_and_opens_a_node(world) -> None:
    client = entered(world.user.operator)
    assert client.get("/chain/").headers["Location"] == "/chain/robot/"
    page = client.get("/chain/robot/")
    shown = words(page)
    assert (page.context["nodes"], page.context["enough"], page.context["missing"]) == (5, 1, 2)
    assert "most wanted is Batteries" in shown and "Confirm placements, 2 wait" in shown
    assert shown.count("data-node=") == 5 and "style=" not in shown
    node = words(client.get("/chain/nodes/reducer/"))
    assert "only公司" in node and "谐波减速器" in node and "assumed" in node
    part = words(client.get("/chain/nodes/reducer/", headers={"HX-Request": "true"}))
    assert part.startswith('<div class="panel-h">') and "<html" not in part


def test_every_edge_and_node_opens_to_its_source(world) -> None:
    client = entered(world.user.operator)
    edge = Chain.objects.get().edges.get(tail__key="battery")
    assert "行动方案，区经委" in words(client.get("/evidence/", {"ref": f"edge:{edge.pk}"}))
    assert "行动方案，区经委，二3" in words(client.get("/evidence/", {"ref": "node:sensor"}))
    assert entered(world.user.sysadmin).get("/evidence/", {"ref": "node:sensor"}).status_code == 404


def test_gaps_are_ranked_with_candidates_and_the_threshold(world) -> None:
    client = entered(world.user.operator)
    page = client.get("/chain/gaps/")
    rows = page.context["rows"]
    assert [row["gap"].node for row in rows] == ["battery", "reducer", "force"] or rows[0]["gap"].node == "battery"
    assert "5 or more firms here wait" in words(page)
    gap = words(client.get("/chain/gaps/battery/"))
    assert "1 of 2 products fit: 动力电池" in gap and "乙储能" in gap and "外地名录" in gap
    assert client.get("/chain/gaps/body/").status_code == 404


def test_a_lead_is_taken_once_a_desk_and_others_see_it(world) -> None:
    client = entered(world.user.operator)
    took = client.post("/chain/gaps/battery/take/", {"candidate": "c1"})
    lead = Lead.objects.get()
    assert took.headers["Location"] == f"/chain/leads/{lead.pk}/"
    case = services.case_of(lead)
    assert case is not None and case.due is not None and case.owner == world.user.operator
    assert client.post("/chain/gaps/battery/take/", {"candidate": "c1"}).status_code == 409
    assert "desk-a is on it" in words(entered(world.user.other).get("/chain/gaps/battery/"))
    assert entered(world.user.other).post("/chain/gaps/battery/take/", {"candidate": "c1"}).status_code == 302
    assert "Also courted by" in words(client.get(f"/chain/leads/{lead.pk}/"))
    with pytest.raises(Refused, match="still open"):
        cases.close(case, "谈完", actor=world.user.operator, now=NOW)
    url = f"/chain/leads/{lead.pk}/advance/"
    assert client.post(url, {"stage": "contacted", "note": " "}).status_code == 409
    assert client.post(url, {"stage": "married", "note": "x"}).status_code == 409
    assert client.post(url, {"stage": "contacted", "note": "已通话"}).status_code == 302
    assert client.post(url, {"stage": "signed", "note": "签约"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert client.post(url, {"stage": "dropped", "note": "x"}).status_code == 409


def test_placements_are_confirmed_and_refused_in_bulk(world) -> None:
    client = entered(world.user.operator)
    shown = words(client.get("/chain/placements/", {"state": "proposed", "sure": "no"}))
    assert "Waits for the desk" in shown and 'data-key="a"' in shown
    ids = list(Placement.objects.filter(sure=False).values_list("pk", flat=True))
    assert client.post("/chain/placements/confirm/", {"row": ids}).status_code == 302
    assert set(Placement.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"confirmed"}
    assert client.post("/chain/placements/refuse/", {"row": []}).status_code == 409
    assert entered(world.user.leader).post("/chain/placements/confirm/", {"row": ids}).status_code == 403
    add = {"node": "battery", "firm": "scope公司", "words": "产品手册"}
    assert client.post("/chain/placements/add/", add).status_code == 302
    assert client.post("/chain/placements/add/", add | {"firm": "没有"}).status_code == 409
    assert Placement.objects.get(node__key="battery").basis == "review"


def test_files_to_take_along(world) -> None:
    client = entered(world.user.operator)
    picture = Tree.fromstring(client.get("/chain/robot.svg").content)
    assert "动力电池" in "".join(picture.itertext()) or "Batteries" in "".join(picture.itertext())
    graph = client.get("/chain/robot.graphml").content.decode()
    assert graph.count("<node ") == 5 and graph.count("<edge ") == 4
    book = openpyxl.load_workbook(io.BytesIO(client.get("/chain/robot.xlsx").content))
    assert book.sheetnames == ["Nodes", "Edges", "Firms"]
    assert [row[0].value for row in book["Edges"].iter_rows(min_row=3)] == [
        "Sensors",
        "Force sensors",
        "Reducers",
        "Batteries",
    ]
    gaps = openpyxl.load_workbook(io.BytesIO(client.get("/chain/gaps.xlsx").content)).active
    assert "甲电池" in str(gaps.cell(3, 7).value)
    brief = "\n".join(one.text for one in docx.Document(io.BytesIO(client.get("/chain/gaps.docx").content)).paragraphs)
    assert "Batteries" in brief and "node:battery" in brief and "外地名录" in brief
    assert entered(world.user.firm).get("/chain/robot.svg").status_code == 404


def test_if_a_supplier_stops(world) -> None:
    tell([firm("body1", suppliers=[{"type": "only公司", "org": "only", "node": "reducer", "share": 100}])])
    client = entered(world.user.operator)
    page = client.get("/chain/stops/only/")
    shown = words(page)
    assert "no maker left" in shown and "body1公司" in shown and "from nobody else" in shown
    assert page.context["stop"].lost == ("reducer",)
    leader = words(entered(world.user.leader).get("/chain/stops/only/"))  # what firms told is not open to the leader
    assert "Not open to your role" in leader
    assert client.get("/chain/stops/nobody/").status_code == 404


def test_the_profile_shows_what_stands_before_and_after(world) -> None:
    shown = words(entered(world.user.operator).get("/enterprises/only/"))
    assert 'id="chain"' in shown and "Reducers" in shown and "If it stops" in shown


def test_roles_without_a_line_see_nothing(world) -> None:
    for path in (
        "/chain/",
        "/chain/gaps/",
        "/chain/neighbours/",
        "/chain/zone/",
        "/chain/leads/",
        "/chain/placements/",
    ):
        assert entered(world.user.sysadmin).get(path).status_code == 403, path
    assert entered(world.user.firm).get("/chain/robot/").status_code == 404
    assert entered(world.user.firm).get("/chain/stops/only/").status_code == 403


def test_an_empty_zone_says_what_comes_next(world) -> None:
    Lead.objects.all().delete()
    Chain.objects.all().delete()
    client = entered(world.user.operator)
    assert "No chain is loaded" in words(client.get("/chain/"))
    assert "No gap" in words(client.get("/chain/gaps/"))
    assert "No map is loaded" in words(client.get("/chain/zone/"))
    assert "nothing to compare" in words(client.get("/chain/neighbours/"))


def test_the_map_keeps_to_the_conditions_of_the_register(world) -> None:
    def square(name: str) -> dict[str, Any]:
        ring = [[121.3, 31.0], [121.4, 31.0], [121.4, 31.1], [121.3, 31.0]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"name": name, "kind": "town"}, "geometry": shape}

    layer = {"type": "FeatureCollection", "features": [square("马桥镇"), square("浦江镇")]}
    services.keep_layer("zone", json.dumps(layer), name="zone.geojson")
    towns = {"only": "310112 马桥镇", "scope": "310112 马桥镇", "told": "310112 浦江镇"}
    tell([{"subject": key, "values": {"registered_division": town}, "as_of": DAY} for key, town in towns.items()])
    tell([{"subject": "only", "values": {"operating_status": "存续"}, "as_of": DAY}])
    client = entered(world.user.operator)
    listed = words(client.get("/enterprises/?status=存续"))
    assert 'href="/chain/zone/?status=' in listed
    told = {name: (int(firms), int(placed)) for name, firms, placed in _rows(words(client.get("/chain/zone/")))}
    assert told == {"马桥镇": (2, 1), "浦江镇": (1, 1)}
    page = words(client.get("/chain/zone/?status=存续"))
    assert {name: int(firms) for name, firms, _placed in _rows(page)} == {"马桥镇": 1, "浦江镇": 0}
    assert "status=%E5%AD%98%E7%BB%AD&amp;town=%E9%A9%AC%E6%A1%A5%E9%95%87" in page


def _rows(page: str) -> list[tuple[str, str, str]]:
    table = page.partition('id="towns"')[2]
    return re.findall(
        r'class="main"><a[^>]*>([^<]+)</a>.*?class="num"[^>]*>(\d+)</td>.*?class="num"[^>]*>(\d+)<', table
    )


def test_candidates_come_as_a_list_of_their_own(world) -> None:
    client = entered(world.user.operator)
    good = "key,name,products,register,as_of\nc3,丙,减速机；谐波减速器,孵化器名单,2026-11-01\n"
    bad = good.replace("2026-11-01", "")
    upload = SimpleUploadedFile("list.csv", bad.encode())
    assert client.post("/chain/candidates/import/", {"file": upload}).status_code == 409
    assert not Candidate.objects.filter(key="c3").exists()
    upload = SimpleUploadedFile("list.csv", good.encode())
    assert client.post("/chain/candidates/import/", {"file": upload}).status_code == 302
    assert "丙" in words(client.get("/chain/gaps/reducer/"))


def test_the_api_and_the_wall_keep_the_walls(world) -> None:
    rows = entered(world.user.operator).get("/api/chain/gaps").json()
    assert rows[0]["node"] == "battery" and rows[0]["candidates"][0]["name"] == "甲电池"
    assert entered(world.user.operator).get("/api/chain/nodes/reducer").json()["firms"][0]["key"] == "only"
    assert entered(world.user.firm).get("/api/chain/gaps").status_code == 403
    wall = Client().get("/wall/").content.decode()
    assert "only公司" not in wall and "本地" not in wall and "不足 10 家" in wall
    public = Client().get("/public/").content.decode()
    assert "only公司" not in public and "机器人本体" not in public  # six firms are below the limit


def test_the_command_line(world) -> None:
    run = CliRunner().invoke
    rows = json.loads(run(app, ["gaps", "--json"]).output)
    assert next((row["node"], row["kind"]) for row in rows) == ("battery", "missing")
    assert rows[0]["waiting"] == 6 and rows[0]["threshold"]["waiting"] == 5
    shown = json.loads(run(app, ["show", "减速器", "--json"]).output)
    assert shown["firms"][0]["key"] == "only" and shown["edges"][0]["assumed"]
    assert json.loads(run(app, ["stops", "only", "--json"]).output)["lost"][0]["node"] == "reducer"
    for command in (["gaps"], ["gaps", "--need", "99"], ["show", "body"], ["list"], ["stops", "only"], ["place"]):
        assert run(app, command).exit_code == 0, command
    for command in (["show", "减速"], ["stops", "nobody"], ["gaps", "--chain", "none"]):
        assert isinstance(run(app, command).exception, Refused), command
    assert run(app, ["check", str(world.folder)]).output == "1 chain: no fault.\n"
    assert Node.objects.count() == 5 and services.here(DAY).gaps
