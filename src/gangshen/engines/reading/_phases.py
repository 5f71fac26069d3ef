"""Phases: named stretches of years (近期、第一阶段、第一步)."""

from __future__ import annotations

import re

from gangshen.engines.quantities import find_dates

from ._model import Phase
from ._view import Paragraph, sentences

__all__ = ["phases"]

_NAME = re.compile(
    r"(?:^|[。；：，、（])\s*(?:[（(]?[一二三四五1-5][）).、])?\s*(?P<name>近期|中期|中远期|远期|初期|起步期|启动期|成长期|提升期|成熟期|第[一二三四五]阶段|第[一二三四五]步"
    r"|(?:启动|起步|建设|培育|试点|推广|提升|深化|攻坚|巩固|总结|全面推进|全面实施|夯基|成势|突破|引领|筹备|示范|推进|完善|拓展|验收|部署|实施)[\u4e00-\u9fff]{0,4}阶段)"
)


def phases(paras: list[Paragraph]) -> list[tuple[int, int, Phase]]:
    """(paragraph, position of its end in the clean text, phase)."""
    out: list[tuple[int, int, Phase]] = []
    for index, para in enumerate(paras):
        if len(para.text) < 8:
            continue
        for start, end in sentences(para.text, "。；"):
            piece = para.text[start:end]
            hit = _NAME.search(piece)
            if hit is None or hit.start("name") > 12:
                continue
            when = next((w for w in find_dates(piece) if w.start >= hit.end() - 1 and w.start - hit.end() < 60), None)
            if when is None or (when.grain not in ("years", "year", "month", "half", "quarter") and not when.deadline):
                continue
            first_year = when.first.year
            later = [w for w in find_dates(piece) if when.end <= w.start <= when.end + 2]
            last_year = (
                later[0].year
                if later and re.fullmatch(r"[-—–~～至到]*", piece[when.end : later[0].start])
                else when.year
            )
            close = when.end
            bracket = piece.find("）", close, close + 16)
            if bracket >= 0 and "（" not in piece[close:bracket]:
                close = bracket + 1
            a, b = start + hit.start("name"), start + close
            s, e = para.span(a, b)
            made = Phase(
                quote=para.source[s:e], start=s, end=e, name=hit["name"], start_year=first_year, end_year=last_year
            )
            out.append((index, b, made))
    return out if len(out) >= 2 else []
