"""The register at size: import beside a second writer, the list of it, and the resolution of names.

``make bench NAME=registers``; ``--rows N`` (100,000) and ``--names N`` (200,000) set the sizes. Names, slips and values are
made up (seed 11). With the developer data beside the checkout (GANGSHEN_SHARED), its names and codes are scored too.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peers import splink

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    "上海",
    "北京",
    "深圳",
    "苏州市",
    "合肥市",
    "芜湖市",
    "宁波市",
    "南通市",
    "常州市",
    "无锡市",
    "安庆市",
    "滁州市",
    "马鞍山市",
    "六安市",
    "宣城市",
    "铜陵市",
    "淮南市",
    "蚌埠市",
    "嘉兴市",
    "湖州市",
    "绍兴市",
    "台州市",
    "金华市",
    "温州市",
    "扬州市",
    "泰州市",
    "镇江市",
    "盐城市",
    "徐州市",
    "武汉市",
    "长沙市",
    "南昌市",
    "福州市",
    "厦门市",
    "泉州市",
    "东莞市",
    "佛山市",
    "珠海市",
    "惠州市",
    "中山市",
    "成都市",
    "重庆",
    "西安市",
    "郑州市",
    "洛阳市",
    "青岛市",
    "济南市",
    "烟台市",
    "潍坊市",
    "大连市",
]
SYLLABLES = (
    "安邦博昌辰成创达德鼎东方丰福刚高光国海瀚浩恒宏华辉惠嘉坚建金锦京景聚君凯康科朗乐力立联亮龙隆美明铭南宁"
    "诺普启千强庆荣锐瑞森盛世舒顺泰腾天通同万旺威维文西祥新信兴星雄旭雅阳耀义益英永优宇源远云泽展振正志中众卓"
)
TRADES = [
    "机械",
    "机器人",
    "自动化",
    "智能装备",
    "精密制造",
    "减速机",
    "电机",
    "传感器",
    "芯片",
    "电子",
    "光电",
    "新材料",
    "化工",
    "建材",
    "钢结构",
    "包装",
    "食品",
    "餐饮管理",
    "服饰",
    "纺织",
    "贸易",
    "商贸",
    "物流",
    "运输",
    "建筑工程",
    "装饰工程",
    "园林景观",
    "信息技术",
    "软件",
    "网络科技",
    "生物科技",
    "医药",
    "医疗器械",
    "环保科技",
    "能源",
    "电力工程",
    "汽车零部件",
    "模具",
    "家具",
    "教育咨询",
    "文化传媒",
    "广告",
    "人力资源",
    "物业管理",
    "房地产开发",
    "农业发展",
    "旅游开发",
    "酒店管理",
    "检测技术",
]
FORMS = ("有限公司", "有限责任公司", "科技有限公司", "股份有限公司", "发展有限公司")
ALIKE = {
    "宏": "洪",
    "华": "桦",
    "金": "今",
    "新": "鑫",
    "达": "答",
    "海": "孩",
    "明": "铭",
    "阳": "洋",
    "森": "深",
    "源": "原",
}
WRITER = """
import json, sys, time
import django
django.setup()
from gangshen.apps.archive import services as archive
waits, end = [], time.monotonic() + float(sys.argv[1])
print("ready", flush=True)
import select
while not select.select([sys.stdin], [], [], 0.02)[0]:
    began = time.perf_counter()
    archive.record_event(None, "bench", "bench", {"at": began})
    waits.append(time.perf_counter() - began)
print(json.dumps({"writes": len(waits), "longest_ms": round(max(waits) * 1000, 1),
                  "median_ms": round(sorted(waits)[len(waits) // 2] * 1000, 1),
                  "p99_ms": round(sorted(waits)[int(len(waits) * .99)] * 1000, 1)}))
"""


def names(count: int, draw: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        brand = "".join(draw.choices(SYLLABLES, k=draw.choice((2, 2, 2, 3))))
        made[f"{draw.choice(PLACES)}{brand}{draw.choice(TRADES)}{draw.choice(FORMS)}"] = None
    return list(made)


def slip(name: str, draw: random.Random) -> tuple[str, str | None, str]:
    """A name as somebody might write it, whom it means (None: another body), and the kind of slip."""
    place = next(one for one in PLACES if name.startswith(one))
    form = next(one for one in sorted(FORMS, key=len, reverse=True) if name.endswith(one))
    kind = draw.choice(("legal", "place", "form", "blank", "drop", "swap", "alike", "branch", "other place", "ordinal"))
    stem = name[len(place) : -len(form)]
    if kind == "legal":
        short, long = "有限公司", "有限责任公司"
        return (name.replace(long, short) if long in name else name.replace(short, long)), name, kind
    if kind == "place":
        return name[len(place) :], name, kind
    if kind == "form":
        return place + stem, name, kind
    if kind == "blank":
        at = draw.randrange(1, len(name))
        return f"{name[:at]} {name[at:]}", name, kind
    at = len(place) + draw.randrange(2, len(stem)) if len(stem) > 3 else len(place) + 2
    if kind == "drop":
        return name[:at] + name[at + 1 :], name, kind
    if kind == "swap":
        return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :], name, kind
    if kind == "alike":
        hit = next((letter for letter in stem if letter in ALIKE), None)
        return (name.replace(hit, ALIKE[hit], 1) if hit else name), name, kind
    if kind == "branch":
        return f"{name}{draw.choice(PLACES).removesuffix('市')}分公司", None, kind
    if kind == "ordinal":
        return f"{place}{stem}第{draw.choice('二三四五')}{form}", None, kind
    other = draw.choice([one for one in PLACES if one != place])
    return f"{other}{name[len(place) :]}", None, kind


def score(pairs: list[tuple[str | None, Any]]) -> dict[str, float]:
    said = [(gold, one.best) for gold, one in pairs if one.best is not None]
    right = sum(best.name == gold for gold, best in said)
    precision, recall = right / max(1, len(said)), right / max(1, sum(gold is not None for gold, _one in pairs))
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
    }


def resolution(count: int) -> dict[str, Any]:
    """Nine tenths of ``count`` are a register, a tenth is written anew with slips; all are resolved."""
    from gangshen.engines.resolution import Names

    draw = random.Random(11)
    full = names(count * 9 // 10, draw)
    held = set(full)
    written = [slip(draw.choice(full), draw) for _ in range(count - len(full))]
    written = [(said, said if said in held else gold, kind) for said, gold, kind in written]
    began, used = time.perf_counter(), time.process_time()
    index = Names((name, name) for name in full)
    built = time.perf_counter() - began
    found = index.resolve([said for said, _gold, _kind in written] + full)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    pairs = [(gold, one) for (_said, gold, _kind), one in zip(written, found, strict=False)]
    wrong: dict[str, int] = {}
    for (_said, gold, kind), one in zip(written, found, strict=False):
        if (one.best.name if one.best else None) != gold:
            wrong[kind] = wrong.get(kind, 0) + 1
    told = {
        "names": count,
        "build_s": round(built, 2),
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        **score(pairs),
    }
    return told | {
        "not_as_meant": wrong,
        "splink": splink(full, [(said, gold) for said, gold, _kind in written]) or "not installed",
    }


def shared() -> dict[str, Any]:
    """Scores on the developer data: altered names, short names, codes."""
    from gangshen.apps.registers.services import CodeState, code_state
    from gangshen.engines.resolution import Names

    folder = Path(os.environ.get("GANGSHEN_SHARED", "")) / "enterprise"
    if not (folder / "name_variants.csv").is_file():
        return {}
    with gzip.open(folder / "register_anhui.csv.gz", "rt", encoding="utf-8") as file:
        index = Names((row["name"], row["name"]) for row in csv.DictReader(file))
    rows = list(csv.DictReader((folder / "name_variants.csv").open(encoding="utf-8")))
    found = index.resolve([row["name"] for row in rows])
    altered = score([(row["full_name"] or None, one) for row, one in zip(rows, found, strict=True)])
    rows = list(csv.DictReader((folder / "company_alias.csv").open(encoding="utf-8-sig")))
    index = Names((row["fullname"], row["fullname"]) for row in rows)
    found = index.resolve([row["short"] for row in rows])
    first = sum(
        bool(one.candidates) and one.candidates[0].name == row["fullname"] for row, one in zip(rows, found, strict=True)
    )
    short = score([(row["fullname"], one) for row, one in zip(rows, found, strict=True)])
    cases = list(csv.DictReader((folder / "uscc_cases.csv").open(encoding="utf-8-sig")))
    codes = sum((code_state(row["code"]) is CodeState.VALID) == (row["valid"] == "1") for row in cases)
    return {
        "altered": altered,
        "short": {"top1": round(first / len(rows), 4), **short},
        "codes": f"{codes}/{len(cases)}",
    }


def table(rows: int) -> bytes:
    """A register of ``rows`` firms as CSV: eight columns, one row in two hundred with a fault."""
    from gangshen.engines.synthesis import uscc_check_digit

    draw = random.Random(11)
    lines = ["统一社会信用代码,企业名称,成立日期,登记状态,营业收入（万元）,研发费用（万元）,参保人数,经营范围"]
    for at, name in enumerate(names(rows, draw)):
        body = f"91310112MA{at:07d}"
        revenue = round(draw.lognormvariate(7, 1.5), 2)
        figure = "很多" if at % 200 == 7 else f"{revenue}"
        scope = "、".join(draw.sample(TRADES, 5))
        day = dt.date(1995, 1, 1) + dt.timedelta(days=draw.randrange(11000))
        lines.append(
            f"{body}{uscc_check_digit(body)},{name},{day},存续,{figure},{round(revenue * draw.random() / 8, 2)},"
            f"{draw.randrange(3, 900)},{scope}的研发、生产与销售"
        )
    return "\n".join([*lines, ""]).encode()


def importing(rows: int) -> dict[str, Any]:
    from gangshen.apps.identity import services as identity
    from gangshen.apps.registers.models import Batch
    from gangshen.apps.registers.services import importing as work
    from gangshen.apps.registers.services import undo

    data, phases, began = table(rows), {}, 0.0

    def watch(done: int, total: int | None, message: str) -> None:
        phases.setdefault(message, round(time.perf_counter() - began, 1))

    with subprocess.Popen(
        [sys.executable, "-c", WRITER, "600"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(1)
        began, used = time.perf_counter(), time.process_time()
        run = work.import_file(
            data, "firms.csv", kind="enterprises", actor=None, now=identity.now(), inline=True, watch=watch
        )
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        told, _none = writer.communicate("stop\n", timeout=60)
    batch = Batch.objects.get(pk=run.result["batch"])
    began = time.perf_counter()
    undo(batch, None, identity.now())
    undone = time.perf_counter() - began
    from gangshen.apps.registers.services import redo

    redo(batch, None, identity.now())
    return {
        "rows": rows,
        "imported": run.result["imported"],
        "refused": run.result["refused"],
        "seconds": round(seconds, 1),
        "cpu_s": round(cpu, 1),
        "since_start": phases,
        "other_writer": json.loads(told),
        "undo_s": round(undone, 2),
    }


VIEWS = {
    "list": "/enterprises/",
    "search": "/enterprises/?q=机器人",
    "filter, search, sort": "/enterprises/?q=上海&status=存续&sort=-revenue",
    "last page": "/enterprises/?page=1000&sort=name",
    "api": "/api/lists/enterprises?size=50&sort=-revenue",
}


def listing() -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from gangshen.apps.identity.models import Role, RoleGrant, User

    user = User.objects.create(username="bench-operator")
    RoleGrant.objects.create(user=user, role=Role.OPERATOR, granted_at=dt.datetime.now(dt.UTC))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    told = {}
    for name, url in VIEWS.items():
        status, first = timed(lambda url=url: client.get(url, follow=True).status_code)
        used = time.process_time()
        rounds = [timed(lambda url=url: client.get(url))[1] for _ in range(7)]
        used = (time.process_time() - used) / 7
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        told[name] = {
            "status": status,
            "first_ms": round(first * 1000),
            "median_ms": round(statistics.median(rounds) * 1000),
            "cpu_ms": round(used * 1000),
            "queries": len(asked),
        }
    return told


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def rows_of(told: dict[str, Any], depth: int = 1) -> Iterator[str]:
    for name, value in told.items():
        if isinstance(value, dict) and depth < 3:
            yield f"{'  ' * depth}{name}"
            yield from rows_of(value, depth + 1)
        else:
            yield f"{'  ' * depth}{name:<22} {value}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gangshen-bench-") as home:
        os.environ |= {
            "GANGSHEN_HOME": home,
            "DJANGO_SETTINGS_MODULE": "gangshen.settings",
            "GANGSHEN_DATABASE_URL": "",
        }
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        sys.path.insert(0, str(ROOT / "src"))
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told: dict[str, Any] = {}
        if given.rows:
            told["import"] = importing(given.rows)
            told["list"] = listing()
        if given.names:
            told["resolution"] = resolution(given.names)
            told["developer data"] = shared()
    sys.stdout.write("\n".join(rows_of(told)) + "\n" + json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
