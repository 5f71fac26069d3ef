"""How fast and how whole a long document is read, beside a plain pattern baseline.

Makes a plan with subsidies of about 50 pages as .docx and .pdf in which tasks, units, targets and amounts are planted,
reads each in a process of its own and counts what was found. Prints a table and, last, one line of JSON.

usage: python benchmarks/documents/run.py [--tasks N]
"""

from __future__ import annotations

import argparse
import io
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

FIELDS = (
    "飞控系统",
    "复合材料",
    "伺服电机",
    "视觉传感",
    "边缘算力",
    "工业软件",
    "检测平台",
    "应用场景",
    "标准体系",
    "人才队伍",
)
UNITS = ("区经委", "区科委", "区发改委", "区人社局", "区财政局", "区市场监管局", "各街镇")
FILLER = (
    "围绕企业在研发、试制、验证和量产各个环节的实际需要，组织高校院所、龙头企业与服务机构共同梳理堵点，"
    "建立按月会商、按季通报的工作机制，推动设备、数据和场地在园区内部开放共享，降低中小企业的试错成本，"
    "并及时总结可以复制推广的做法，形成带动效应。"
)


def planted(tasks: int) -> tuple[list[str], dict[str, int]]:
    """Paragraphs of the document and how many of each thing they hold."""
    lines = ["青禾区智能装备产业发展行动方案（2026-2030年）", "一、总体目标"]
    lines.append("到2030年，引进整机企业60家以上，打造应用场景300个，产业规模突破900亿元。")
    lines.append("二、主要任务")
    counts = {"tasks": 0, "units": 0, "targets": 3, "amounts": 0}
    for number in range(1, tasks + 1):
        if number % 10 == 1:
            lines.append(f"（{'一二三四五六七八九十'[(number // 10) % 10]}）实施{FIELDS[(number // 10) % 10]}提升行动")
        field, units = FIELDS[number % 10], [UNITS[(number + i) % 7] for i in range(1 + number % 3)]
        target, amount, given = wording(number, field)
        lines.append(f"{number}.提升{field}能力。{FILLER * 2}{target}{amount}{named(number, units)}")
        counts["tasks"] += 1
        counts["units"] += len(units)
        counts["targets"] += 1
        counts["amounts"] += given
    return lines, counts


def wording(number: int, field: str) -> tuple[str, str, int]:
    """A target and an offer in one of the wordings of the genre, and how many amounts the offer has."""
    year, count, money, rate = 2026 + number % 4, 3 + number % 17, 50 + number, 10 + number % 20
    target = (
        f"到{year}年，培育{field}企业{count}家。",
        f"到{year}年底，引进不少于{count}家{field}机构。",
        f"力争到{year}年，{field}示范点达到{count}—{count + 5}个。",
    )[number % 3]
    amount, given = (
        (f"对通过验收的{field}项目，按实际投入的{rate}%给予补助，最高{money}万元。", 1),
        (f"对{field}项目给予最高{rate}%的补贴，单个项目每年最高补贴{money}万元。", 1),
        (f"对首次认定的国家级、市级{field}项目，分别给予{money}万元、{money - 20}万元奖励。", 2),
    )[number // 3 % 3]
    return target, amount, given


def named(number: int, units: list[str]) -> str:
    """The bracket of responsible units in one of its forms."""
    first, rest = units[0], "、".join(units[1:])
    if number % 3 == 0 or not rest:
        return f"（责任单位：{'、'.join(units)}）"
    return f"（牵头单位：{first}；配合单位：{rest}）" if number % 3 == 1 else f"（{first}牵头负责，{rest}配合）"


def make_docx(lines: list[str]) -> bytes:
    import docx

    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_pdf(lines: list[str]) -> tuple[bytes, int]:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    wrapped: list[str] = []
    for line in lines:
        current, width = "", 0.0
        for char in line:
            step = 12.0 if ord(char) > 255 else 6.0
            if width + step > 440:
                wrapped.append(current)
                current, width = "", 0.0
            current, width = current + char, width + step
        wrapped.append(current)
    pages = 0
    for start in range(0, len(wrapped), 28):
        pages += 1
        page.setFont("STSong-Light", 12)
        page.drawString(72, 800, "青禾区人民政府文件")
        for row, text in enumerate(wrapped[start : start + 28]):
            page.drawString(72, 765 - 25 * row, text)
        page.drawString(290, 40, f"— {pages} —")
        page.showPage()
    page.save()
    return out.getvalue(), pages


def by_gangshen(path: Path) -> dict[str, int]:
    from gangshen.engines.reading import extract, read

    reading = read(extract(path.read_bytes(), path.name))
    amounts = sum(len(i.offer.benefit.tiers) or 1 for i in reading.offers if "no figure" not in i.doubts)
    units = sum(len(t.units) for t in reading.tasks)
    return {"tasks": len(reading.tasks), "units": units, "targets": len(reading.targets), "amounts": amounts}


def by_patterns(path: Path) -> dict[str, int]:
    """What a short script would do: raw text and one pattern for the usual wording of each thing."""
    if path.suffix == ".docx":
        xml = zipfile.ZipFile(path).read("word/document.xml").decode()
        text = re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", xml))
    else:
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    units = [u for group in re.findall(r"（责任单位：([^）]*)）", text) for u in group.split("、")]
    return {
        "tasks": len(re.findall(r"(?m)^\d+\.[^。\n]+。", text)),
        "units": len([u for u in units if "\n" not in u]),
        "targets": len(re.findall(r"(?:培育|引进|打造|突破)[^，。\n]*?\d+(?:家|个|亿元)", text)),
        "amounts": len(re.findall(r"(?:给予|最高)\d+万元", text)),
    }


def measure(reader: str, path: Path) -> dict[str, Any]:
    """Run in a process of its own: found counts, CPU seconds of the second run, peak memory."""
    function = by_gangshen if reader == "gangshen" else by_patterns
    function(path)
    start = time.process_time()
    found = function(path)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "found": found,
        "cpu_s": round(seconds, 3),
        "peak_mb": round(peak / (1024 if sys.platform != "darwin" else 1024**2)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=150)
    parser.add_argument("--measure", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(options.measure[0], Path(options.measure[1]))))
        return
    lines, truth = planted(options.tasks)
    pdf, pages = make_pdf(lines)
    result: dict[str, Any] = {"pages": pages, "characters": sum(map(len, lines)), "planted": truth, "runs": []}
    with tempfile.TemporaryDirectory() as folder:
        files = {"docx": Path(folder) / "plan.docx", "pdf": Path(folder) / "plan.pdf"}
        files["docx"].write_bytes(make_docx(lines))
        files["pdf"].write_bytes(pdf)
        for form, path in files.items():
            for reader in ("gangshen", "patterns"):
                command = [sys.executable, __file__, "--measure", reader, str(path)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                result["runs"].append({"format": form, "reader": reader, **json.loads(done.stdout)})
    show(result)


def show(result: dict[str, Any]) -> None:
    truth = result["planted"]
    out = [f"{result['pages']} pages, {result['characters']:,} characters; planted: {truth}", ""]
    out.append(f"{'file':5} {'reader':9} {'CPU s':>7} {'peak MB':>8}  " + "  ".join(f"{k:>11}" for k in truth))
    for run in result["runs"]:
        found = "  ".join(f"{run['found'][k]:>5}/{truth[k]:<5}" for k in truth)
        out.append(f"{run['format']:5} {run['reader']:9} {run['cpu_s']:>7.2f} {run['peak_mb']:>8}  {found}")
    sys.stdout.write("\n".join(out) + "\n\n" + json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
