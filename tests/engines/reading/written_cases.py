"""Provisions written for the tests in the wording of the genre, and how the reader's answer is counted against them.

A case has ``text``, ``gives`` (``rate``, ``cap`` in yuan, ``num``: thresholds as comparator, value and unit, ``words``) and
``general`` thresholds. ``opt`` marks an answer that is neither right nor wrong; a clause without ``num`` may carry any
threshold of its case. In ``shapes`` the conditions of a benefit are whole: what is in none of ``words``, ``may``, ``num``
and ``num_may`` is wrong; every second case is held out.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from gangshen.engines.reading import read, to_scored

__all__ = ["FOLDER", "HALVES", "cases", "count"]

FOLDER = Path(__file__).parent / "written"
_BEFORE = "青禾区支持智能装备产业若干措施\n第一条 建设园区。推进园区建设。\n第二条 完善服务。完善公共服务。\n"
_AFTER = "\n第四条 附则。本措施由区经委负责解释。\n"
HALVES = {"tuned": 0, "held out": 1}  # of shapes.yaml
_SCALES = (("亿", 10**8), ("万", 10**4))


def cases(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


def count(case: dict[str, Any], whole: bool = False) -> Counter[str]:
    """Right, wrong and missed: ``benefit +``, ``benefit -``, ``benefit ?``, the same for ``num`` and ``words``."""
    text = case["text"].strip()
    body = text if text.startswith("第") else f"第三条 支持企业发展。{text}"
    scored = to_scored(read(f"{_BEFORE}{body}{_AFTER}"))
    found = [
        c for c in scored["clauses"] if c["benefit"]["rate"] is not None or c["benefit"]["cap_amount_yuan"] is not None
    ]
    out: Counter[str] = Counter()
    free = [_threshold(*n) for g in case["gives"] for n in g.get("num", [])]
    for wanted in case["gives"]:
        match = next((c for c in found if _same(wanted, c["benefit"])), None)
        if match is not None:
            found.remove(match)
        if wanted.get("opt"):
            continue
        out["benefit +" if match else "benefit ?"] += 1
        named = [_threshold(*n) for n in wanted.get("num_may", [])]
        _conditions(out, wanted, match["conditions"] if match else [], named if "num" in wanted else [*free, *named])
        if whole and match is not None:
            _invented(out, wanted, match["conditions"])
    out["benefit -"] += len(found)
    out["num -"] += sum(len(_numbers(c["conditions"])) for c in found)
    _conditions(out, {"num": case.get("general", [])}, scored["general_conditions"], [])
    return out


def _same(wanted: dict[str, Any], benefit: dict[str, Any]) -> bool:
    rates = [wanted.get("rate"), *([None] if wanted.get("rate_free") or wanted.get("opt") else [])]
    caps = [wanted.get("cap"), *wanted.get("cap_alt", [])]
    return benefit["rate"] in rates and benefit["cap_amount_yuan"] in caps


def _conditions(out: Counter[str], wanted: dict[str, Any], made: list[dict[str, Any]], free: list[Any]) -> None:
    got = _numbers(made)
    for number in [_threshold(*n) for n in wanted.get("num", [])]:
        if number in got:
            got.remove(number)
            out["num +"] += 1
        else:
            out["num ?"] += 1
    out["num -"] += sum(number not in free for number in got)
    said = [str(c["value"]) for c in made]
    for words in wanted.get("words", []):
        out["words +" if any(words in s or s in words for s in said) else "words ?"] += 1


def _invented(out: Counter[str], wanted: dict[str, Any], made: list[dict[str, Any]]) -> None:
    known = [*wanted.get("words", []), *wanted.get("may", [])]
    said = [str(c["value"]) for c in made if not c["unit"]]
    out["words -"] += sum(not any(w in s or s in w for w in known) for s in said)


def _numbers(made: list[dict[str, Any]]) -> list[Any]:
    return [_threshold(c["comparator"], c["value"], c["unit"]) for c in made if c["unit"]]


def _threshold(comparator: str, value: Any, unit: str) -> tuple[str, tuple[float, ...], str]:
    """Comparators of one sense are one; 1亿元 is 10000万元."""
    sense = {"gt": "ge", "lt": "le"}.get(comparator, comparator)
    scale, bare = next(((size, unit[1:]) for mark, size in _SCALES if unit.startswith(mark)), (1, unit))
    values = value if isinstance(value, list) else [value]
    return sense, tuple(round(float(v) * scale, 6) for v in values), bare.replace("（套）", "")
