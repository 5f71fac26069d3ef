"""How well documents are read, beside a plain pattern baseline, on our own gold of the developer documents.

Needs the developer data (GANGSHEN_SHARED, or ../shared): the gold of ``tests/engines/reading/gold`` holds offsets only.
Prints F1 for the documents that the reader was tuned on and for those held out, of the reader and of the baseline.

usage: python benchmarks/documents/score.py [--side plan|policy] [--each]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GANGSHEN_SHARED", ROOT / "../shared")).resolve()
sys.path.insert(0, str(ROOT / "tests/engines/reading"))


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_documents", SHARED / "documents/score_documents.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_gangshen(path: Path) -> dict[str, Any]:
    from gangshen.engines.reading import extract, read, to_scored

    return to_scored(read(extract(path.read_bytes(), path.name)))


_NUMBERED = re.compile(r"(?m)^\s*(?:（([一二三四五六七八九十]+)）|(\d+)[.、．])\s*([^。\n]+)")
_UNITS = re.compile(r"(?:责任|牵头|配合)(?:单位|部门)[：:]([^）〕\n。]+)")
_TARGET = re.compile(
    r"([\u4e00-\u9fffA-Za-z]{2,20}?)(超过|超|突破|不少于|达到)?(\d+(?:\.\d+)?)(亿元|万平方米|[家个项名人%])(以上)?"
)
_MONEY = re.compile(
    r"(?:(\d+(?:\.\d+)?)%[^。；\n]{0,20}?)?(?:最高|不超过|给予)[^。；\n\d]{0,8}(\d+(?:\.\d+)?)(亿|万)?元"
)
_THRESHOLD = re.compile(r"([^，。；\d]{2,8}?)(?:达到|不低于|超过|不少于)(\d+(?:\.\d+)?)(亿元|万元|[%人家个年])")
_WHOM = re.compile(r"(?:对|支持)([^，。；\n]{3,60})，")


def _conditions(sentence: str) -> list[dict[str, Any]]:
    numbers = [
        {"attribute": hit[1], "comparator": "ge", "value": float(hit[2]), "unit": hit[3]}
        for hit in _THRESHOLD.finditer(sentence)
    ]
    return numbers + [
        {"attribute": "对象", "comparator": "is", "value": words, "unit": None} for words in _WHOM.findall(sentence)
    ]


def by_patterns(path: Path) -> dict[str, Any]:
    """What a short script would do: one pattern for the usual wording of each thing."""
    text = path.read_text(encoding="utf-8")
    heads = list(_NUMBERED.finditer(text))
    tasks = []
    for head, after in zip(heads, [*heads[1:], None], strict=False):
        body = text[head.end() : after.start() if after else len(text)]
        units = [u for found in _UNITS.findall(body) for u in re.split("[、，]", found)]
        tasks.append({"number": head[1] or head[2], "title": head[3], "responsible_units": units})
    targets = []
    for hit in _TARGET.finditer(text):
        years = re.findall(r"20\d\d(?=年)", text[text.rfind("\n", 0, hit.start()) + 1 : hit.start()])
        comparator = "ge" if hit[5] or hit[2] == "不少于" else "gt" if hit[2] in ("超过", "超", "突破") else "eq"
        year = int(years[-1]) if years else None
        item = {"subject": hit[1], "value": float(hit[3]), "unit": hit[4], "deadline_year": year}
        targets.append({**item, "comparator": comparator, "quote": hit[0]})
    clauses = []
    for hit in _MONEY.finditer(text):
        left, right = (text.rfind("。", 0, hit.start()) + 1, text.find("。", hit.end()))
        conditions = _conditions(text[left:right])
        yuan = float(hit[2]) * {"亿": 1e8, "万": 1e4, None: 1}[hit[3]]
        benefit = {"kind": "subsidy", "rate": float(hit[1]) / 100 if hit[1] else None, "cap_amount_yuan": yuan}
        clauses.append({"section": "", "source": hit[0], "conditions": conditions, "benefit": benefit})
    return {"tasks": tasks, "targets": targets, "clauses": clauses, "general_conditions": []}


READERS = {"gangshen": by_gangshen, "patterns": by_patterns}


def scores(side: str, reader: str, each: bool = False) -> dict[str, dict[str, Any]]:
    """Per part (tuned, held out) and measure, the scorer's tally."""
    from own_gold import gold_files, load

    module, total = scorer(), {"tuned": {}, "held out": {}}
    for path in gold_files(side):
        gold, text = load(path, SHARED)
        found = module.score_doc(gold, READERS[reader](SHARED / gold["file"]), text)
        part = total["held out" if gold["held_out"] else "tuned"]
        for measure, tally in found.items():
            part.setdefault(measure, module.T()).add(tally.tp, tally.fp, tally.fn)
            if each and (tally.fp or tally.fn):
                sys.stdout.write(f"{reader:9} {gold['doc']:26} {measure:20} {tally.tp} {tally.fp} {tally.fn}\n")
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", choices=("plan", "policy"), default="plan")
    parser.add_argument("--each", action="store_true", help="also list each document that is not read whole")
    options = parser.parse_args()
    if not (SHARED / "documents").is_dir():
        sys.exit(f"The developer documents are not at {SHARED}; set GANGSHEN_SHARED.")
    for reader in READERS:
        for part, tallies in scores(options.side, reader, options.each).items():
            for measure, tally in sorted(tallies.items()):
                *_, f1 = tally.prf()
                row = f"{reader:9} {part:9} {measure:20} {f1:.3f}  tp {tally.tp} fp {tally.fp} fn {tally.fn}\n"
                sys.stdout.write(row)


if __name__ == "__main__":
    main()
