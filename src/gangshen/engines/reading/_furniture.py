"""What stands round a document on a web page: buttons, neighbours, what follows its signature."""

from __future__ import annotations

import re

from gangshen.engines.quantities import find_dates

from ._view import Paragraph

__all__ = ["FURNITURE", "document_only"]

FURNITURE = re.compile(
    r"分享(?:到|至)?[:：]?.{0,20}|打印(?:本页|正文|此页)?|关闭(?:窗口|本页)?|收藏|纠错|无障碍.{0,6}|返回(?:顶部|列表|首页)?|【?字[体号][:：]?\s*(?:[大中小特超]\s*){0,4}】?"
    r"|[【\[]?(?:大|中|小)[】\]]?|(?:上|下)一[篇页条][:：]?.*|扫一扫.{0,16}|浏览(?:次数|量)[:：]?\s*\d*\s*次?|阅读(?:次数|量)[:：]?\s*\d*|微信|微博|QQ空间"
    r"|(?:您的位置|您(?:现在|当前)(?:所在)?(?:的)?位置|当前位置|我的位置)(?:是)?\s*[:：].*|首页\s*[>＞/].*|下载(?:文字版|图片版|PDF版)?|【?(?:打印|关闭|收藏)[】 |｜/]+.*"
)
_NEIGHBOURS = re.compile(
    r"(?:分享到|相关(?:阅读|链接|推荐|文章|新闻|稿件|信息|政策解读)|推荐阅读|延伸阅读|热点(?:推荐|新闻)|最新(?:文章|动态)|猜你喜欢|上一[篇页条]|下一[篇页条]"
    r"|版权所有|主办(?:单位)?[:：]|承办(?:单位)?[:：]|网站(?:标识码|地图|声明)|[^，。]{0,4}ICP备|.{0,4}公网安备|责任编辑[:：]|(?:责编|编辑)[:：]).{0,40}"
)
_CHIEF = re.compile(r"一、|第[一1](?:章|条)|附[件表]|（一）")


def document_only(paras: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs without buttons, and without what follows the document's end on the same page."""
    kept = [p for p in paras if not (len(p.text) <= 40 and FURNITURE.fullmatch(p.text))]
    ends = _end(kept)
    return kept[:ends]


def _end(paras: list[Paragraph]) -> int:
    last = max(
        (i for i, p in enumerate(paras) if re.match(r"[二三四五六七八九十]、|第[二三四五六七八九]", p.text)), default=-1
    )
    if last < 0:
        return len(paras)
    for index in range(last + 1, len(paras)):
        text = paras[index].text
        if len(text) <= 50 and _NEIGHBOURS.fullmatch(text):
            return index
        if _signed(paras, index) and index + 1 < len(paras) and not _CHIEF.match(paras[index + 1].text):
            goes_on = any(_CHIEF.match(p.text) for p in paras[index + 1 :])
            if not goes_on:
                return index + 1
    return len(paras)


def _signed(paras: list[Paragraph], index: int) -> bool:
    """A line that is nothing but a day, below a line that is nothing but an office."""
    text = re.sub(r"[（）]", "", paras[index].text)
    days = [w for w in find_dates(text) if w.grain == "day"]
    if len(days) != 1 or len(text) - (days[0].end - days[0].start) > 2 or index == 0:
        return False
    above = paras[index - 1].text
    return (
        4 <= len(above) <= 40
        and re.search(r"(?:政府|办公厅|办公室|委员会|局|厅|部|委|院|中心|管委会|集团|公司)$", above) is not None
    )
