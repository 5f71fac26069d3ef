"""Short plans and policies around the sentence under test."""

from typing import Any

from gangshen.engines.reading import Reading, Target, Task, read, to_scored

PLAN = "青禾区低空装备产业行动方案（2026-2028年）\n"
POLICY = "青禾区支持低空装备产业若干措施\n"


def plan(body: str) -> Reading:
    return read(f"{PLAN}一、总体目标\n打造产业高地。\n二、主要任务\n{body}")


def goals(body: str) -> list[Target]:
    return list(read(f"{PLAN}一、总体目标\n{body}\n二、主要任务\n（一）建设平台。建设平台。").targets)


def units(task: Task) -> list[str]:
    return [u.name for u in task.units]


def values(found: list[Target]) -> list[Any]:
    return [(t.value, t.unit) for t in found]


def clauses(body: str) -> list[dict[str, Any]]:
    return to_scored(read(f"{POLICY}一、支持内容\n1.支持企业发展。{body}"))["clauses"]


def benefits(body: str) -> list[tuple[Any, Any]]:
    return [(c["benefit"]["rate"], c["benefit"]["cap_amount_yuan"]) for c in clauses(body)]
