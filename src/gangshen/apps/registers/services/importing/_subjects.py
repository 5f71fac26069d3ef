"""Whose row it is: by key, by code, or by a name that surely means one enterprise."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.services._codes import CodeState, code_state, plain_code
from gangshen.apps.registers.services._likenesses import WORTH
from gangshen.apps.registers.services._resolution import resolve_names
from gangshen.engines.formats import Text
from gangshen.engines.resolution import Resolution

__all__ = ["Doubtful", "Subjects"]


_PLACE = re.compile(r"\S{1,8}(?:镇|乡|街道|新区|区|县|(?<![超门城菜夜])市|(?<!度假)村|社区)")


class Doubtful(ValueError):
    """A name that may mean a firm, but not surely: a person decides."""

    def __init__(self, meant: Resolution) -> None:
        self.meant = meant
        first = meant.candidates[0]
        zh = f"名称像“{first.name}”（{first.score:.0%}），请在“同一家企业？”中确认"
        super().__init__(
            Text(zh=zh, en=f"the name may mean {first.name!r} ({first.score:.0%}): decide under Same enterprise?")
        )


class Subjects:
    """Finds the subject of each row. Names are resolved together: ``expect`` them before the first ``find``."""

    def __init__(self, entity: str) -> None:
        self.entity = entity
        self.resolved = False  # was the last one found by a name that is not written like the register's?
        self.by_code: dict[str, str] = {}
        self.by_name: dict[str, str | None] = {}
        self.meant: dict[str, Resolution] = {}
        self.renumbered: set[str | None] = set()  # those with a code of 18 characters
        if entity == "enterprise":
            for key, code, name in Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).values_list(
                "key", "code", "name"
            ):
                self.by_code[code or key] = key
                if code_state(code or key) is CodeState.VALID:
                    self.renumbered.add(key)
                self.by_name[name] = None if name in self.by_name else key

    def expect(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Resolve at once the names of those rows (key, code, name) that only a name can tell."""
        if self.entity != "enterprise":
            return
        found = (CodeState.VALID, CodeState.LEGACY, CodeState.WRONG)
        asked = {
            name
            for key, code, name in rows
            if not key and name and self.by_name.get(name) is None and code_state(code) not in found
        }
        names = sorted(name for name in asked if not _PLACE.fullmatch(name))  # a town is no firm, however like its name
        self.meant = dict(zip(names, resolve_names(names), strict=True)) if names else {}

    def find(self, key: str, code: str, name: str) -> tuple[str, CodeState]:
        """The subject's key; ValueError with a Text says why there is none."""
        state, self.resolved = code_state(code), False
        if key:
            return key, state
        if self.entity != "enterprise":
            raise ValueError(Text(zh="缺少主体编号（加 key 列）", en="no key (add a column key)"))
        if state is CodeState.WRONG:
            raise ValueError(_wrong(code))
        if state in (CodeState.VALID, CodeState.LEGACY):
            plain = plain_code(code)
            named = self.by_name.get(name) if state is CodeState.LEGACY and plain not in self.by_code else None
            if named in self.renumbered:
                return named, state  # its number of before 2015
            return self.by_code.get(plain, plain), state
        return self._by_name(name), state

    def _by_name(self, name: str) -> str:
        found = self.by_name.get(name) if name else None
        if found is not None:
            return found
        meant = self.meant.get(name)
        if meant is not None and meant.best is not None:
            self.resolved = True
            return meant.best.key
        if meant is not None and meant.score >= WORTH:
            raise Doubtful(meant)
        if _PLACE.fullmatch(name):
            zh = f"“{name}”是地名，不是企业（分组、小计行请删去；是企业的写全称或代码）"
            en = f"{name!r} is a place, not a firm (drop a row of a group or total; write a firm's full name or its code)"
            raise ValueError(Text(zh=zh, en=en))
        if name:
            zh = f"无可用代码，且库中没有唯一名为“{name}”的企业（补代码）"
            raise ValueError(
                Text(zh=zh, en=f"no usable code and no one enterprise of the name {name!r} (add the code)")
            )
        raise ValueError(Text(zh="既无代码也无名称（补代码）", en="neither code nor name (add the code)"))


def _wrong(code: str) -> Text:
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?1\d|\d{15}0{3}", plain_code(code)):
        return Text(
            zh=f"“{code}”像是被 Excel 当作数字的代码，末几位已丢失（将该列设为文本，从原处重新导出）",
            en=f"{code!r} seems a code that Excel took for a number: its last digits are lost (format as text, export anew)",
        )
    return Text(
        zh=f"统一社会信用代码“{code}”校验不符（核对 18 位）",
        en=f"code {code!r} is wrong by its check digit (check its 18 characters)",
    )
