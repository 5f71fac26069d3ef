"""Tags draw what they are told, escaped, with words for readers, and refuse what has no meaning."""

from __future__ import annotations

import json

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from gangshen.engines.formats import Text
from gangshen.web import charts, components
from gangshen.web.components import Measure


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


def draw(template: str, **values: object) -> str:
    return Template(template).render(Context({"request": RequestFactory().get("/p/?page=2&town=a&town=b"), **values}))


def test_a_status_has_shape_colour_and_word() -> None:
    html = draw('{% status "bad" words %}', words=Text(zh="超期 <2> 日", en="late"))
    assert 'class="st st-bad"' in html
    assert "#s-bad" in html
    assert "超期 &lt;2&gt; 日" in html
    with translation.override("en"):
        assert "late" in draw('{% status "bad" words %}', words=Text(zh="超期", en="late"))


@pytest.mark.parametrize("template", ['{% status "red" "x" %}', '{% mark "fake" %}', '{% shape "" %}'])
def test_a_state_or_mark_without_meaning_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="there are"):
        draw(template)


def test_marks_have_a_long_and_a_short_form() -> None:
    assert "合成示例" in draw('{% mark "synthetic" %}')
    assert ">合成<" in draw('{% mark "synthetic" short=True %}')
    assert "过期 9 天" in draw('{% mark "stale" "过期 9 天" %}')


def test_a_chip_opens_its_reference() -> None:
    html = draw('{% evidence "doc:plan@9f#1-9" "行动方案 3-2" %}')
    assert 'href="/evidence/?ref=doc%3Aplan%409f%231-9"' in html
    assert 'hx-target="#panel"' in html
    assert "#i-doc" in html
    assert "#i-rec" in draw('{% evidence "strange:1" %}')


def test_dots_are_told_to_readers_as_counts() -> None:
    html = draw("{% dots states %}", states=["ok", "ok", "near", "unk"])
    assert 'aria-label="2 满足，1 接近，1 未知"' in html
    assert html.count("<use") == 4


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (["不少于 40 台"], "完成<mark>不少于 40 台</mark>，&lt;开放&gt;"),
        ([(0, 2)], "<mark>完成</mark>不少于 40 台，&lt;开放&gt;"),
        ([(0, 4), (2, 6)], "<mark>完成不少</mark>于 40 台，&lt;开放&gt;"),
        (["没有的字"], "完成不少于 40 台，&lt;开放&gt;"),
    ],
)
def test_a_quote_marks_the_deciding_words(marked: object, expected: str) -> None:
    html = draw('{% quote text marked before="前" %}', text="完成不少于 40 台，<开放>", marked=marked)
    assert f'<span class="around">前</span>{expected}' in html


def test_money_shows_its_exact_yuan() -> None:
    assert (
        draw("{{ fen|money }}", fen=12_864_321) == '<span title="¥128,643.21">12.86<span class="u">万元</span></span>'
    )
    assert draw("{{ fen|money }}", fen=None) == "未知"


def test_a_strip_counts_its_measures() -> None:
    html = draw(
        "{% strip measures %}", measures=[Measure("A", 1, "项", url="/a/"), Measure("B", 2, state="ok", note="好")]
    )
    assert "strip-2" in html
    assert html.count('class="m"') == 2
    assert '<a href="/a/" class="m">' in html


def test_a_query_keeps_what_it_does_not_change() -> None:
    assert draw("{% query page=3 %}") == "?page=3&amp;town=a&amp;town=b"
    assert draw("{% query page=None town=None %}") == "?"


def test_a_field_tells_its_fault_and_hint_to_readers() -> None:
    class Form(forms.Form):
        output = forms.IntegerField(label="产值", help_text="万元")
        sure = forms.BooleanField(label="确认", required=False)

    form = Form({"output": "many"})
    html = draw("{% field form.output %}{% field form.sure %}", form=form)
    assert 'class="field err"' in html
    assert 'aria-describedby="id_output_helptext id_output_error"' in html
    assert 'id="id_output_error"' in html
    assert '<label class="check">' in html


UNIT = Text(zh="亿元", en="×100m CNY")


def test_a_line_chart_has_a_twin_with_the_same_figures() -> None:
    chart = charts.line_chart(
        "c",
        "产值",
        ["1 月", "2 月"],
        [7.4, None],
        name="产值",
        unit=UNIT,
        forecast=[None, 8.1],
        band=[None, (7, 9)],
        limit=9.8,
    )
    assert chart.heads == ("", "产值（亿元）", "预测（亿元）", "区间（亿元）")
    assert chart.rows == (("1 月", "7.4", "", ""), ("2 月", "未知", "8.1", "7–9"))
    html = draw("{% chart chart %}", chart=chart)
    options = json.loads(html.split('type="application/json">')[1].split("</script>")[0])
    assert options["aria"]["enabled"]
    assert options["tooltip"]["renderMode"] == "richText"
    assert [one.get("name") for one in options["series"]] == ["产值", None, None, "预测"]
    assert "<td" in html


def test_bars_shares_and_heat_agree_with_their_twins() -> None:
    bar = charts.bar_chart("b", "B", ["1"], [3.0], name="实际", needed=[4.0])
    assert bar.rows == (("1", "3", "4"),)
    share = charts.share_chart("s", "S", ["A"], [("已拨付", [1.0]), ("余额", [2.0])])
    assert share.options["yAxis"]["data"] == ["A"]
    assert share.options["xAxis"]["type"] == "value"
    heat = charts.heat_chart("h", "H", ["x"], ["y", "z"], [[1.0], [None]])
    assert heat.rows == (("y", "1"), ("z", "未知"))
    assert [cell["value"] for cell in heat.options["series"][0]["data"]] == [[0, 0, 1.0]]


def test_the_trim_filter_leaves_an_empty_panel_empty() -> None:
    assert draw("<aside>{% filter trim %}  {% if nothing %}x{% endif %}\n{% endfilter %}</aside>") == "<aside></aside>"


def test_evidence_knows_its_address() -> None:
    assert components.evidence_url("rec:1#a") == "/evidence/?ref=rec%3A1%23a"
