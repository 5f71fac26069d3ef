"""Promised lists: the catalogues, guides and lists a document says will be made."""

from __future__ import annotations

import re

from ._model import PromisedList
from ._view import Paragraph, sentences

__all__ = ["promised_lists"]

_VERB = (
    r"(?:动态|定期|及时|集中|分批|每年|常态化|组织|统筹|研究|加快|率先)*"
    r"(?:征集并发布|遴选发布|编制发布|梳理发布|梳理形成|形成|发布|编制|制定|制订|建立|推出|遴选|公布|出台|梳理|更新|编印"
    r"|构建|征集|绘制|完善)"
)
_LIST = r"(?:清单|目录|名录|名单|榜单|图谱|案例集|指引|白皮书|需求库|项目库|案例库|路线图)"
_PROMISE = re.compile(
    rf"(?P<verb>{_VERB})(?P<name>[^，。；：]{{0,40}}?{_LIST})(?P<more>(?:(?:、|和|及|以及)[^，。；、]{{0,14}}{_LIST})*)"
)


def promised_lists(para: Paragraph, task: str | None) -> list[PromisedList]:
    """Lists promised in a paragraph, once each."""
    out: list[PromisedList] = []
    for start, end in sentences(para.text):
        for hit in _PROMISE.finditer(para.text, start, end):
            name = para.printed(hit.start("name"), hit.end("more"))
            if re.search(r"负面清单|权责清单|^《", name) or len(name) < 4:
                continue
            first, last = para.span(hit.start(), hit.end())
            out.append(
                PromisedList(
                    quote=para.source[first:last], start=first, end=last, name=name, verb=hit["verb"], task=task
                )
            )
    return out
