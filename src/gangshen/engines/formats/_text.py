"""Labels of data in the two languages."""

from __future__ import annotations

from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

__all__ = ["Text"]


class Text(BaseModel):
    """A label: Chinese always, English when given. A bare string in a file is the Chinese."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any] | str:
        # In a zone's file a label without English is the bare string it was written as.
        in_file = isinstance(info.context, dict) and info.context.get("file") and self.en is None
        written: dict[str, Any] | str = self.zh if in_file else handler(self)
        return written

    def in_language(self, language: str) -> str:
        """The label in ``language`` ("zh-hans", "en", …); Chinese when there is no other."""
        return self.en if language.startswith("en") and self.en else self.zh

    def __str__(self) -> str:
        return self.zh
