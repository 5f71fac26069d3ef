"""Invented names: syllables that hardly any firm uses, put together so that no name comes twice."""

from __future__ import annotations

__all__ = ["NAMES", "brand"]

_FIRST = "岫砚汀翎穹桫莳霁澹琤葭岑漪晷栎渚峤蔚湜苕鹭榉坻筠霭溟垚楸璟泠菀薮珩嶂沅槿澍蓼昉缙皋陂萤驿筏橹籽棹蓬筑磬桁"
_SECOND = "衡朔辰枢屿恒戈锚轸弦曜简弧矩曳槎磐濯纬幄棠律榫钧岚翊舸梁埠镝汐篙甬罡砺桐泓序犀旌舫枫鹄橡棱渡圭笺杼璞炬铄"
_THIRD = "川木野石原谷庭林浦亭湾阁丘田塘峰圃墅坊畔陌垣榭廊桥巷"
_PAIRS = len(_FIRST) * len(_SECOND)
NAMES = _PAIRS * (1 + len(_THIRD) + len(_THIRD) ** 2)


def brand(seed: int, index: int) -> str:
    """The ``index``-th brand of ``seed``: two characters for the first 2,704, then three, then four; all distinct."""
    block, place = divmod(index, _PAIRS)
    place = (place * 1_217 + seed * 7_919 + block * 389) % _PAIRS  # 1,217 is coprime to the number of pairs
    first, second = divmod(place, len(_SECOND))
    tail = ""
    if block > len(_THIRD):
        tens, ones = divmod(block - 1 - len(_THIRD), len(_THIRD))
        tail = _THIRD[tens] + _THIRD[ones]
    elif block:
        tail = _THIRD[block - 1]
    return _FIRST[first] + _SECOND[second] + tail
