"""Short forms of a company's registered name."""

from __future__ import annotations

import re

from ._text import fold

__all__ = ["short_names"]

_ENDING = re.compile(
    r"(?:集团)?(?:股份|有限责任|有限|责任)*公司$|(?:\((?:有限合伙|普通合伙|特殊普通合伙)\)|合伙企业)+$|研究院$|事务所$"
)
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    "海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|深圳|广州|杭州|南京|苏州|宁波|无锡|"
    "合肥|武汉|成都|西安|青岛|厦门|中国"
)
_PLACE = re.compile(rf"^(?:{_PLACES})(?:省|市|自治区)?(?:[\u4e00-\u9fff]{{1,3}}[区县镇](?=[\u4e00-\u9fff]{{4}}))?")
_TRADES = (
    "新材料科技|机器人科技|智能科技|信息科技|电子科技|生物科技|网络科技|信息技术|人工智能|智能装备|"
    "智能制造|生物医药|集成电路|精密机械|机器人|自动化|新材料|新能源|半导体|传感器|传动|传感|软件|科技|"
    "技术|信息|电子|机电|机械|装备|设备|制造|实业|工业|贸易|商贸|咨询|服务|物流|建筑|工程|医疗|药业|食品|"
    "文化|投资|控股|集团"
)
_TRADE = re.compile(rf"(?:{_TRADES})+$")


def short_names(name: str) -> tuple[str, ...]:
    """What people call a company: without the legal form, then without the place, then without the trade.

    Empty for a text that does not end like a registered name.

    >>> short_names("上海云岫机器人科技有限公司")
    ('上海云岫机器人科技', '云岫机器人科技', '云岫')
    """
    folded = _BRACKETS.sub("", fold(name)) or fold(name)
    bare = _ENDING.sub("", folded.strip())
    if bare == folded.strip() or len(bare) < 2:
        return ()
    core = _PLACE.sub("", bare)
    brand = _TRADE.sub("", core)
    forms = [form for form in (bare, core, brand) if len(form) >= 2]
    return tuple(dict.fromkeys(forms))
