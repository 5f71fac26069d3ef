"""How the paragraphs of a list are numbered."""

from __future__ import annotations

import re

__all__ = ["ITEM"]

ITEM = re.compile(
    r"(?P<cn>（[一二三四五六七八九十]{1,3}）)|(?P<arabic>\d{1,2}\s*[.、．](?!\d))|(?P<paren>（\d{1,2}）|\d{1,2}）)|(?P<circled>[①-⑳])"
    r"|(?P<dash>[-—•·●])"
)
