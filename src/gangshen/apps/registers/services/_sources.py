"""Sources that the registers know by themselves; others are the zone's (``sources.yaml``)."""

from __future__ import annotations

from typing import Any

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source

__all__ = ["ANSWER", "REVIEW", "UPLOAD", "VISIT", "source_named"]

REVIEW, ANSWER, UPLOAD, VISIT = "review", "answer", "upload", "visit"
_OWN: dict[str, dict[str, Any]] = {
    REVIEW: {"name": "人工核定", "name_en": "Review", "rank": 0, "purpose": "核定有出入的数据", "grade": "内部"},
    ANSWER: {
        "name": "企业答复",
        "name_en": "The firm's answer",
        "rank": 55,
        "purpose": "政策匹配与服务",
        "grade": "内部",
        "consent": True,
    },
    UPLOAD: {"name": "上传文件", "name_en": "Uploaded file", "rank": 60, "purpose": "企业库维护", "grade": "内部"},
    VISIT: {"name": "走访所述", "name_en": "Said on a visit", "rank": 70, "purpose": "企业服务", "grade": "内部"},
}
"""A review is believed before all others; what was said on a visit after all that was filed."""


def source_named(key: str) -> Source:
    """The source of ``key``; one of the registers' own is made when first needed. Raises Refused for an unknown one."""
    if key in _OWN:
        return Source.objects.get_or_create(key=key, defaults=_OWN[key])[0]
    return archive.source(key)
