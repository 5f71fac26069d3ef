"""Sample values for the specimen page: invented, and marked so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gangshen.engines.formats import Text

from . import plots
from .charts import bar_chart, heat_chart, line_chart, share_chart
from .components import MARKS, Evidence, Measure

__all__ = ["parts"]

_TOKENS = [
    ("ink", "t-ink", Text(zh="正文与数字", en="text and figures")),
    ("ink-2", "t-ink-2", Text(zh="次要文字", en="secondary text")),
    ("ink-3", "t-ink-3", Text(zh="说明，最浅的文字", en="hints, the lightest text")),
    ("bg", "t-bg", Text(zh="桌面", en="desk")),
    ("line", "t-line", Text(zh="分隔", en="rules")),
    ("link", "t-link", Text(zh="只用于可操作", en="what can be operated")),
    ("ok-fill", "f-ok", Text(zh="是、按期", en="yes, on time")),
    ("near-fill", "f-near", Text(zh="接近、临期、过期", en="near, due, stale")),
    ("bad-fill", "f-bad", Text(zh="否、超期、缺失", en="no, overdue, missing")),
    ("unk-fill", "t-unk", Text(zh="未知、等待", en="unknown, waiting")),
    ("soft-fill", "fx", Text(zh="未定：合成、草案、预测", en="not settled: synthetic, draft")),
    ("c1", "c1", Text(zh="图的主墨色", en="ink of charts")),
]
_STATES = [
    ("ok", Text(zh="可享", en="Gets it"), Text(zh="条件满足，或按期", en="conditions met, or on time")),
    ("near", Text(zh="接近", en="Near"), Text(zh="差一点，或快到期", en="one step short, or soon due")),
    ("bad", Text(zh="超期", en="Overdue"), Text(zh="不满足，或已经晚了", en="not met, or late")),
    ("unk", Text(zh="未知", en="Unknown"), Text(zh="还不知道，不等于否", en="not known yet, which is not no")),
    ("na", Text(zh="不适用", en="Not applicable"), Text(zh="此条与对象无关", en="the clause does not concern it")),
]
_REFS = [
    ("doc:sample@9f2c#120-148", Text(zh="文件第 3 页", en="Page 3")),
    ("rec:17#rd_ratio", Text(zh="登记 11-05", en="Record 11-05")),
    ("obs:pump-3@2026-11-20T07:30", Text(zh="监测 07:30", en="Sensor 07:30")),
    ("job:1120#3", Text(zh="匹配 1120", en="Match 1120")),
    ("entry:0417", Text(zh="台账 0417", en="Ledger 0417")),
]
_WORDS = {
    "matter": Text(zh="示例：训练场设备进场", en="Example: equipment of the training ground"),
    "clause": Text(zh="示例方案第 3 条", en="Sample plan, article 3"),
    "invoice": Text(zh="示例：企业补发票", en="Example: an invoice to come"),
    "space": Text(zh="示例：需要 2,000 平方米厂房", en="Example: wants 2,000 m² of workshop"),
    "firm": Text(zh="示例企业", en="Sample firm"),
    "stale": Text(zh="示例：台账 9 天没有更新", en="Example: this register is 9 days old"),
    "press": Text(zh="催办", en="Press"),
    "column": Text(zh="示例：第 3 列有 14 格不是数字", en="Example: 14 cells of column 3 are no numbers"),
}
_MONTHS = [f"{month}" for month in range(1, 13)]


def parts() -> dict[str, Any]:
    """Everything ``components.html`` shows."""
    quote = "已开具销售发票不含税 300 万元以上的，给予一次性奖励。"
    return {
        "tokens": _TOKENS,
        "states": _STATES,
        "marks": list(MARKS),
        "refs": _REFS,
        "sample_evidence": Evidence(
            Text(zh="示例细则第 3 条", en="Sample rules, article 3"),
            quote="不含税 300 万元以上",
            before="已开具销售发票",
            after="的，给予一次性奖励。",
            source=Text(zh="2026-04-01 起施行，第 3 页", en="in force from 2026-04-01, page 3"),
            date=date(2026, 4, 6),
            marks=("draft",),
        ),
        "quote": quote,
        "words": _WORDS,
        "measures": _measures(),
        "today": date(2026, 11, 20),
        "dots": ["ok", "ok", "ok", "near", "unk"],
        "steps": [_("Received"), _("Checked"), _("Public notice"), _("Decided"), _("Paid")],
        "charts": _charts(),
        "targets": _targets(),
    }


def _measures() -> list[Measure]:
    on_time = plots.shares([41, 4, 2], ["f-ok", "f-near", "f-bad"])
    spent = plots.shares([1600, 500, 360, 540])
    return [
        Measure(
            Text(zh="任务按期", en="Tasks on time"),
            41,
            "／ 47",
            Text(zh="超期 2，临期 4", en="2 overdue, 4 due"),
            "bad",
            on_time,
            "#",
        ),
        Measure(
            Text(zh="新进入可享", en="Newly entitled"),
            6,
            Text(zh="家", en="firms"),
            "",
            "ok",
            plots.sparkline([2, 1, 3, 2, None, 4, 1, 6]),
        ),
        Measure(
            Text(zh="补贴余额", en="Subsidy left"),
            540,
            Text(zh="万元", en="×10k CNY"),
            Text(zh="已用 82%", en="82% used"),
            "near",
            spent,
        ),
        Measure(
            Text(zh="数据过期", en="Stale sources"), 1, "／ 7", Text(zh="联系人，9 天", en="contacts, 9 days"), "near"
        ),
    ]


def _targets() -> list[dict[str, Any]]:
    output = plots.bars(
        [7.4, 8.1, 10.7, 9.2, 9.5, 11.3, 8.7, 9.2, 10.8, 10.3],
        [13.4, 13.4],
        pace=9.8,
        first="1",
        last="10",
        need_label="13.4",
    )
    certified = plots.bars(
        [None, 2, 2, 2, 3, 3, 3, 4, 4, 4], [1.5, 1.5], pace=2.5, first="1", last="10", need_label="1.5"
    )
    return [
        {
            "state": "bad",
            "said": Text(zh="低于时序 5.9 个百分点", en="5.9 points behind"),
            "name": Text(zh="智能机器人产值", en="Robot output"),
            "value": "91.3",
            "unit": Text(zh="亿元", en="×100m CNY"),
            "plot": output,
        },
        {
            "state": "ok",
            "said": Text(zh="快于时序", en="Ahead of pace"),
            "name": Text(zh="新认定高新技术企业", en="New high-tech firms"),
            "value": "27",
            "unit": Text(zh="家", en="firms"),
            "plot": certified,
        },
    ]


def _charts() -> list[Any]:
    known: list[float | None] = [7.4, 8.1, 10.7, 9.2, 9.5, 11.3, 8.7, 9.2, 10.8, 10.3, None, None]
    guess: list[float | None] = [None] * 9 + [10.3, 10.6, 11.0]
    band = [None] * 10 + [(9.4, 11.9), (9.1, 12.9)]
    unit = Text(zh="亿元", en="×100m CNY")
    return [
        line_chart(
            "specimen-line",
            Text(zh="产值与预测区间", en="Output with its forecast"),
            _MONTHS,
            known,
            name=Text(zh="产值", en="Output"),
            unit=unit,
            forecast=guess,
            band=band,
            limit=9.8,
        ),
        bar_chart(
            "specimen-bar",
            Text(zh="实际与所需", en="Actual and needed"),
            _MONTHS,
            known,
            name=Text(zh="实际", en="Actual"),
            unit=unit,
            needed=[None] * 10 + [13.4, 13.4],
        ),
        share_chart(
            "specimen-share",
            Text(zh="资金去向", en="Where the money is"),
            ["A", "B", "C"],
            [
                (Text(zh="已拨付", en="Paid"), [16, 10, 5]),
                (Text(zh="已决定", en="Decided"), [5, 1, 2]),
                (Text(zh="余额", en="Left"), [9, 4, 5]),
            ],
        ),
        heat_chart(
            "specimen-heat",
            Text(zh="环节与街镇的企业数", en="Firms by segment and town"),
            ["A", "B", "C", "D"],
            [Text(zh="本体", en="Bodies"), Text(zh="零部件", en="Parts")],
            [[3, 1, None, 6], [9, 4, 2, 1]],
        ),
    ]
