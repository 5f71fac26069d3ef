"""pydantic's faults in the words of the zone's two languages, each with its remedy."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from ._text import Text

__all__ = ["explain"]

_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("缺少此项（补上）", "required and not given (add it)"),
    "extra_forbidden": ("未知的键（改正或删去）", "unknown key (correct or remove it)"),
    "string_type": ("应为文字（加引号）", "must be text (put it in quotes)"),
    "int_type": ("应为整数", "must be a whole number"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "float_type": ("应为数值", "must be a number"),
    "float_parsing": ("应为数值", "must be a number"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "date_type": ("应为日期，写作 2026-03-01", "must be a date (write 2026-03-01)"),
    "date_from_datetime_parsing": ("应为日期，写作 2026-03-01", "must be a date (write 2026-03-01)"),
    "date_parsing": ("应为日期，写作 2026-03-01", "must be a date (write 2026-03-01)"),
    "tuple_type": ("应为列表，写作 [甲, 乙]", "must be a list (write [a, b])"),
    "list_type": ("应为列表，写作 [甲, 乙]", "must be a list (write [a, b])"),
    "dict_type": ("应为键与值", "must be keys with values"),
    "model_type": ("应为键与值", "must be keys with values"),
    "model_attributes_type": ("应为键与值", "must be keys with values"),
}
_BOUNDS = {  # kind -> where the bound stands, and the words around it
    "greater_than_equal": ("ge", "不得小于 {}（改正）", "must not be below {} (correct it)"),
    "greater_than": ("gt", "须大于 {}（改正）", "must be above {} (correct it)"),
    "less_than_equal": ("le", "不得大于 {}（改正）", "must not be above {} (correct it)"),
}


def explain(fault: ErrorDetails) -> Text:
    """What is wrong and what to write instead."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _WORDS:
        zh, en = _WORDS[kind]
        return Text(zh=zh, en=en)
    if kind in ("enum", "literal_error"):
        expected = context.get("expected", "")
        return Text(zh=f"不在允许的值内（可用：{expected}）", en=f"not one of the values allowed (use {expected})")
    if kind in ("value_error", "assertion_error") and "error" in context:
        error = context["error"]
        message = getattr(error, "message", None)
        return message if isinstance(message, Text) else Text(zh=str(error), en=str(error))
    if kind in _BOUNDS:
        place, zh, en = _BOUNDS[kind]
        return Text(zh=zh.format(context.get(place)), en=en.format(context.get(place)))
    message = fault["msg"][0].lower() + fault["msg"][1:]
    return Text(zh=f"值不合要求：{message}", en=message)
