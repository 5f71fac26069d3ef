"""In English, towns, parks and segments stand under their English names wherever one is known; else as written."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from gangshen.apps.archive.models import Source
from gangshen.apps.chain.models import Chain, Citation, Node
from gangshen.apps.identity.models import Organisation, User, Zone
from gangshen.apps.registers import services
from gangshen.engines.formats import FormatError, load_yaml
from gangshen.engines.vocabulary import Name, VocabularyFile

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
NAMED = VocabularyFile(names=(Name(zh="马桥镇", en="Maqiao Town"), Name(zh="示例园", en="Example Park")))


@pytest.fixture
def english(db: None, market: Source, client: Client, someone: Callable[..., User]) -> Client:
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    services.put_part("places", NAMED, actor=None, now=NOW)
    chain = Chain.objects.create(key="c", name="链")
    told = Citation.objects.create(chain=chain, key="t", title="例")
    Node.objects.create(chain=chain, key="reducer", name="减速器", name_en="Reducers", citation=told)
    for key, town, park in (("a", "310112 马桥镇", "示例园"), ("b", "310112 无名镇", "无名园")):
        Organisation.objects.create(key=key, kind=Organisation.Kind.ENTERPRISE, name=f"{key}厂")
        said = {
            "name": f"{key}厂",
            "registered_division": town,
            "park": park,
            "chain_nodes": [{"type": "减速器"}, {"type": "外壳"}],
            "certificates": [{"type": "高新技术企业", "batch": "二批", "to": dt.date(2027, 1, 1)}],
        }
        services.add_record(key, said, market, TODAY, None, NOW)
    user = someone("operator")
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(language="en")
    return client


def item(client: Client, key: str) -> dict[str, str]:
    items = client.get("/api/lists/enterprises").json()["items"]
    return next(one for one in items if one["id"] == key)


def test_lists_name_what_has_a_name_and_leave_the_rest(english: Client) -> None:
    told = item(english, "a")
    assert (told["town"], told["park"], told["chain"]) == ("Maqiao Town", "Example Park", "Reducers, 外壳")
    assert told["batches"].endswith(" 二批 →2027-01-01") and "高新" not in told["batches"]
    assert (item(english, "b")["town"], item(english, "b")["park"]) == ("无名镇", "无名园")


def test_chinese_stays_chinese_and_asks_nothing_more(english: Client) -> None:
    assert item(english, "a")["chain"] == "Reducers, 外壳"
    User.objects.update(language="zh-hans")
    told = item(english, "a")
    assert (told["town"], told["chain"], told["certificates"]) == ("马桥镇", "减速器、外壳", "高新技术企业")
    with CaptureQueriesContext(connection) as queries, translation.override("zh-hans"):
        assert services.named("马桥镇") == "马桥镇"
    assert len(queries) == 0


def test_a_filter_is_chosen_by_its_chinese_value_under_its_english_name(english: Client) -> None:
    page = english.get("/enterprises/?town=马桥镇").content.decode()
    assert "Maqiao Town" in page and "b厂" not in page
    assert 'value="马桥镇"' in page
    sheet = openpyxl.load_workbook(io.BytesIO(english.get("/lists/enterprises.xlsx?town=马桥镇").content)).active
    assert sheet is not None
    assert "Maqiao Town" in str(sheet["A1"].value) and "马桥镇" not in str(sheet["A1"].value)
    heads = [cell.value for cell in sheet[2]]
    assert [sheet.cell(3, heads.index(name) + 1).value for name in ("Town", "Park")] == ["Maqiao Town", "Example Park"]


def test_counts_and_profile_say_it_too(english: Client) -> None:
    lines = {by: english.get(f"/enterprises/counts/?by={by}").context["lines"] for by in ("town", "park", "chain")}
    assert {line[0] for line in lines["town"]} == {"Maqiao Town", "无名镇"}
    assert {line[0] for line in lines["park"]} == {"Example Park", "无名园"}
    assert {line[0] for line in lines["chain"]} == {"Reducers", "外壳"}
    profile = english.get("/enterprises/a/").content.decode()
    assert "Maqiao Town" in profile
    assert "Reducers, 外壳" in profile


def test_names_are_asked_for_once_in_a_request(english: Client) -> None:
    english.get("/enterprises/")
    with CaptureQueriesContext(connection) as queries:
        english.get("/enterprises/")
    assert sum("name_en" in one["sql"] and "chain_node" in one["sql"] for one in queries) == 1


def test_a_name_without_english_is_refused_with_its_place() -> None:
    with pytest.raises(FormatError) as refused:
        load_yaml("names:\n  - {zh: 马桥镇}\n", VocabularyFile, name="vocabulary/x.yaml")
    assert "names[0].en" in refused.value.in_language("en")
