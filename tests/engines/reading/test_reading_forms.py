"""The same plan in other forms: punctuation, numbering, wrapping, neighbours. What is read stays the same."""

import re
from collections.abc import Callable

import pytest

from gangshen.engines.reading import Reading, read

TEXT = """青禾区培育低空装备产业行动方案（2026-2028年）
为加快培育低空装备产业，结合青禾区实际，制定本方案。
一、总体目标
到2028年，引进整机企业12家以上，打造低空应用场景40个，产业规模突破90亿元，关键部件本地配套率达到60%左右。
二、主要任务
（一）强化研发攻关
1.攻关关键部件。围绕飞控、动力电池和复合材料，组织企业与高校开展联合攻关，推动部件就近配套，降低整机企业的采购成本和供货周期。（责任单位：区科委、区经委）
2.建设测试平台。建设开放的试飞与检测平台，为企业提供适航验证、环境试验和标准服务，到2027年建成测试平台3个以上。（牵头单位：区经委；配合单位：区市场局、青禾镇）
（二）拓展应用场景
3.开放公共场景。围绕巡检、配送、应急等领域，定期发布场景清单，支持企业开展首次应用，形成可以复制推广的经验做法。（责任单位：区数据局、区城运中心）
4.培育消费场景。支持企业开发低空游览、飞行体验等产品，培育消费场景10个，带动文旅商体展融合发展，打造区域品牌。（责任单位：区文旅局）
三、保障措施
5.加强组织领导。建立联席会议制度，定期研究重大事项，协调解决推进中的难点问题，确保各项任务落到实处。（责任单位：区发改委、各街镇）
"""
_ITEM = re.compile(r"(?m)^(\d)\.([^。\n]+)。(?=\S)")
_BRACKET = re.compile(r"（((?:责任|牵头)[^）]*)）(?=\n)")


def _wrapped(text: str, width: int, gap: str = "\n") -> str:
    return "\n".join(gap.join(line[i : i + width] for i in range(0, len(line), width)) for line in text.splitlines())


NEIGHBOURS = "\n分享到：微信 微博\n上一篇：关于开展项目申报的通知\n相关阅读\n1.邻区新增企业50家，产值突破20亿元\n2.我市举办招商大会\n版权所有：青禾区人民政府办公室\n"
FORMS: dict[str, Callable[[str], str]] = {
    "half-width punctuation": lambda t: t.translate(str.maketrans("，：；（）", ",:;()")),
    "1、": lambda t: _ITEM.sub(r"\1、\2。", t),
    "full-width number": lambda t: _ITEM.sub(lambda h: f"{chr(ord(h[1]) + 0xFEE0)}．{h[2]}。", t),
    "（1）": lambda t: _ITEM.sub(r"（\1）\2。", t),
    "title on its own line": lambda t: _ITEM.sub(r"\1.\2\n", t),
    "title before a wide blank": lambda t: _ITEM.sub("\\1.\\2\u3000\u3000", t),
    "title before a colon": lambda t: _ITEM.sub(r"\1.\2：", t),
    "title in bold": lambda t: _ITEM.sub(r"**\1.\2。**", t),
    "square brackets": lambda t: _BRACKET.sub(r"〔\1〕", t),
    "units on a line of their own": lambda t: _BRACKET.sub(r"\n\1", t),
    "wrapped": lambda t: _wrapped(t, 33),
    "wrapped with empty lines": lambda t: _wrapped(t, 37, "\n\n"),
    "indented": lambda t: "\n".join(f"\u3000\u3000{line}" for line in t.splitlines()),
    "CRLF": lambda t: t.replace("\n", "\r\n"),
    "bidi marks": lambda t: t.replace("责任", "\u200f责\u200b任\u202c"),
    "a page around it": lambda t: "您的位置：首页 > 政策\n【字体：大 中 小】\n打印\n" + t + NEIGHBOURS,
    "a signature and news behind it": lambda t: (
        t + "青禾区人民政府办公室\n2026年3月5日\n邻区举行开工仪式\n邻区新增企业50家，将建设厂房20万平方米。\n"
    ),
}


def _said(reading: Reading) -> object:
    tasks = [(t.number, t.title, t.part, [(u.name, u.role) for u in t.units]) for t in reading.tasks]
    targets = [(t.subject, t.value, t.unit, t.comparator, t.deadline_year) for t in reading.targets]
    return reading.kind, tasks, targets, [x.name for x in reading.lists]


@pytest.mark.parametrize("form", FORMS)
def test_another_form_is_read_the_same(form: str) -> None:
    text = FORMS[form](TEXT)
    reading = read(text)
    assert _said(reading) == _said(read(TEXT))
    assert all(text[i.start : i.end] == i.quote for i in reading.items())


def test_the_plain_form_is_read_whole() -> None:
    reading = read(TEXT)
    assert [t.number for t in reading.tasks] == ["1", "2", "3", "4", "5"]
    assert [t.value for t in reading.targets] == [12, 40, 90, 60, 3, 10]
