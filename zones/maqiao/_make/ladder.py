"""Write ``registers/synthetic-ladder``: what firms that hold a title would state on the cultivation platform, made up.

Run from the repository root: ``python zones/maqiao/_make/ladder.py``. The same register gives the same bytes.
"""

import csv
import random
from pathlib import Path

ZONE = Path(__file__).parents[1]
OUT = ZONE / "registers/synthetic-ladder/enterprises.csv"
FIELDS = (
    "key", "as_of", "period", "niche_years", "market_share", "revenue_growth_two_years", "rd_expense_two_years",
    "equity_two_years", "quality_score", "innovation_score", "tech_sme_score", "high_tech_score",
    "high_tech_revenue_share", "key_link", "own_brand", "class1_ip", "revenue", "rd_expense", "segment_revenue_share",
    "debt_ratio", "certificates",
)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (ZONE / f"registers/{name}/enterprises.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def yuan(text: str) -> int:
    return int(float(text.removesuffix("元")))


def audited() -> dict[str, dict[str, dict[str, int]]]:
    """Revenue and R&D of 2024 and 2025 as firms reported them: key → year → figure."""
    said: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows("synthetic-firm"):
        for name in ("revenue", "rd_expense"):
            if row["period"] in ("2024", "2025") and row[name]:
                said.setdefault(row["key"], {}).setdefault(row["period"], {})[name] = yuan(row[name])
    return said


def restated(level: int, chance: random.Random, known: dict[str, dict[str, int]]) -> dict[str, dict[str, str]]:
    """Both years as the application form asks for them; made up where nothing was reported."""
    usual = chance.randint(900, 4200) * 10_000 * (3 if level > 1 else 1)
    years = {}
    for year in ("2024", "2025"):
        revenue = known.get(year, {}).get("revenue") or usual // 1000 * 1000
        spent = known.get(year, {}).get("rd_expense") or int(revenue * chance.uniform(0.025, 0.09)) // 1000 * 1000
        years[year] = {
            "revenue": f"{revenue}元",
            "rd_expense": f"{spent}元",
            "segment_revenue_share": f"{chance.choice((72, 81, 86, 91, 95))}%",
            "debt_ratio": f"{chance.choice((35, 48, 58, 66, 78))}%",
        }
    return years


def stated(level: int, chance: random.Random, spent: int | None) -> dict[str, str]:
    """One firm's statement; each answer is left out now and then."""
    given = {
        "niche_years": f"{chance.randint(2, 5) + level * chance.randint(0, 3)}",
        "market_share": f"{chance.choice((3, 5, 8, 10, 12, 15)) + level}%",
        "revenue_growth_two_years": f"{chance.choice((-3, 2, 5, 9, 14, 22))}%",
        "rd_expense_two_years": "" if spent is None else f"{spent}元",
        "equity_two_years": f"{chance.choice((0, 0, 0, 800, 2000, 6000))}万元",
        "quality_score": f"{chance.randint(42, 62) + 5 * level}",
        "innovation_score": f"{chance.randint(48, 82)}",
        "tech_sme_score": f"{chance.randint(52, 90)}",
        "high_tech_score": f"{chance.randint(62, 88)}",
        "high_tech_revenue_share": f"{chance.choice((55, 60, 68, 75, 90))}%",
        "key_link": chance.choice(("是", "是", "否")) if level > 1 else "",
        "own_brand": chance.choice(("是", "是", "否")),
    }
    return {name: value if chance.random() > 0.12 else "" for name, value in given.items()}


def level_of(titles: str) -> int:
    if "小巨人" in titles:
        return 3
    if "专精特新" in titles:
        return 2
    return 1 if "创新型" in titles or "科技型" in titles else 0


def main() -> None:
    reported, out = audited(), []
    for row in rows("synthetic-lists"):
        chance = random.Random(f"ladder {row['key']}")
        if row["certificates"] in ("", "无") or chance.random() < 0.2:
            continue
        key, day = row["key"], f"2026-{chance.randint(5, 9):02}-{chance.randint(1, 28):02}"
        level = level_of(row["certificates"])
        years = restated(level, chance, reported.get(key, {})) if level and chance.random() < 0.45 else {}
        spent = sum(yuan(one["rd_expense"]) for one in years.values()) if years else None
        more = {"class1_ip": str(chance.choice((0, 1, 1, 3, 5)) + level - 1)} if years else {}
        out.append({"key": key, "as_of": day, **stated(level, chance, spent), **more})
        out += [{"key": key, "as_of": day, "period": year, **figures} for year, figures in years.items()]
    withdrawn = next(r for r in rows("synthetic-lists") if r["certificates"].startswith("创新型中小企业||"))
    entry = withdrawn["certificates"].split(";")[0]
    out.append({"key": withdrawn["key"], "as_of": "2026-10-09", "certificates": f"{entry}|2026-09-30"})
    OUT.parent.mkdir(exist_ok=True)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(out, key=lambda one: (one["key"], one["as_of"], one.get("period", ""))))


if __name__ == "__main__":
    main()
