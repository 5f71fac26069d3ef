"""YAML of the zone's files: read with lines in every error, written the same way twice."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from ._explain import explain
from ._problem import FormatError, Problem
from ._text import Text

__all__ = ["dump_yaml", "json_schema", "load_yaml", "yaml_lines"]

T = TypeVar("T")
_LIMIT = 32 * 2**20
_Path = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """YAML 1.2 core scalars and plain dates: ``yes`` is a word, 007 a code, 12:30 text."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


class _Dumper(yaml.SafeDumper):
    """Quotes whatever this loader, or one of YAML 1.1, would take for something else than text."""

    yaml_implicit_resolvers = {key: list(rules) for key, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """A date or list met twice is written out twice: the loader takes no anchors."""
        return True


_SCALARS: tuple[tuple[str, str, str], ...] = (
    ("null", r"(?:~|null|Null|NULL|)$", "~nN\0"),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
)
for _tag, _pattern, _first in _SCALARS:
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [c if c != "\0" else "" for c in _first]
        )


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Line breaks of Unicode are folded or lost outside double quotes.
    style = '"' if any(c in "\r\x85\u2028\u2029\ufeff" for c in text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_str)


class _Built:
    """Plain values of one document and the line on which each path stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[_Path, int] = {}
        self.problems: list[Problem] = []

    def refuse(self, node: yaml.Node, path: _Path, zh: str, en: str) -> None:
        line = node.start_mark.line + 1 if node.start_mark else None
        self.problems.append(Problem(self.name, line, written_path(path), Text(zh=zh, en=en)))

    def value(self, node: yaml.Node, path: _Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: _Path) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, path, "键须为文字（改为简单的键）", "a key must be plain text (use a simple key)")
                continue
            key = self._scalar(key_node, path)
            key = key if isinstance(key, str | int) and not isinstance(key, bool) else key_node.value
            if key in built:
                self.refuse(key_node, (*path, key), "键重复（删去其一）", "key given twice (remove one)")
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            built[key] = self.value(child, (*path, key))
        return built

    def _scalar(self, node: yaml.Node, path: _Path) -> Any:
        kind, text = node.tag.rpartition(":")[2], str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind == "timestamp":
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self.refuse(node, path, f"{text} 不是日历上的日期", f"{text} is no date of the calendar (correct it)")
        return text


def written_path(path: Sequence[str | int]) -> str:
    """``("versions", 0, "id")`` as ``versions[0].id``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _read(source: Path | str | bytes, name: str | None) -> tuple[str, str]:
    if isinstance(source, str):
        return source, name or "text"
    label = name or (source.name if isinstance(source, Path) else "data")
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        reason = error.strerror or str(error)
        text = Text(
            zh=f"无法读取：{reason}（检查文件是否存在）", en=f"cannot be read: {reason} (check that the file is there)"
        )
        raise FormatError([Problem(label, None, "", text)]) from None
    if len(data) > _LIMIT:
        text = Text(zh="文件超过 32 MB（拆分文件）", en="file is larger than 32 MB (split it)")
        raise FormatError([Problem(label, None, "", text)])
    try:
        return data.decode("utf-8-sig"), label
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = Text(zh="不是 UTF-8 文本（另存为 UTF-8）", en="not UTF-8 text (save the file as UTF-8)")
        raise FormatError([Problem(label, line, "", text)]) from None


def _compose(text: str, name: str) -> yaml.Node | None:
    """The document's node tree; refuses aliases, tags and a second document before anything is built."""
    problems: list[Problem] = []
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else None
            documents += isinstance(event, yaml.DocumentStartEvent)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                words = Text(zh="不支持锚点与引用（写出全文）", en="anchors and aliases are not allowed (write it out)")
                problems.append(Problem(name, line, "", words))
            elif getattr(event, "tag", None):
                words = Text(zh="不支持标签 !（删去）", en="tags (!) are not allowed (remove it)")
                problems.append(Problem(name, line, "", words))
            if documents > 1:
                words = Text(zh="一个文件只能有一份文档（拆分文件）", en="one document a file (split the file at ---)")
                problems.append(Problem(name, line, "", words))
                break
        if problems:
            raise FormatError(problems)
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        return node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        words = Text(
            zh=f"不是合法的 YAML：{what}（检查缩进与引号）", en=f"not valid YAML: {what} (check indents and quotes)"
        )
        raise FormatError([Problem(name, mark.line + 1 if mark else None, "", words)]) from None
    except RecursionError:
        words = Text(zh="嵌套过深（减少层级）", en="nested too deeply (flatten it)")
        raise FormatError([Problem(name, None, "", words)]) from None


def load_yaml(source: Path | str | bytes, model: type[T], *, name: str | None = None) -> T:
    """Read one file (a path, its text or its bytes) as ``model`` (a pydantic model, or e.g. ``list[Model]``).

    ``name`` is how errors call the file. Raises :class:`FormatError` with every fault found: unreadable, not YAML,
    duplicate and unknown keys, wrong values; anchors, aliases and tags are refused.
    """
    text, label = _read(source, name)
    node = _compose(text, label)
    if node is None:
        words = Text(zh="文件为空（写入内容）", en="file is empty (write its content)")
        raise FormatError([Problem(label, None, "", words)])
    built = _Built(label)
    try:
        value = built.value(node, ())
    except RecursionError:
        words = Text(zh="嵌套过深（减少层级）", en="nested too deeply (flatten it)")
        raise FormatError([Problem(label, None, "", words)]) from None
    adapter: TypeAdapter[T] = TypeAdapter(model)
    problems = list(built.problems)
    try:
        result = adapter.validate_python(value)
    except ValidationError as error:
        problems += _problems(error, built, value, adapter)
        raise FormatError(sorted(problems, key=lambda problem: problem.line or 0)) from None
    if problems:
        raise FormatError(problems)
    return result


def yaml_lines(source: Path | str | bytes) -> dict[str, int]:
    """The line on which each value of a sound file stands, by its path (``versions[0].eligibility.all[2].unit``)."""
    text, label = _read(source, None)
    node = _compose(text, label)
    built = _Built(label)
    if node is not None:
        built.value(node, ())
    return {written_path(path): line for path, line in built.lines.items()}


def _align(steps: _Path, value: Any) -> _Path:
    """The part of a pydantic location that stands in the file: names of union branches are skipped."""
    if not steps:
        return ()
    head, rest = steps[0], steps[1:]
    skipped = _align(rest, value)
    inside = (isinstance(value, dict) and head in value) or (
        isinstance(value, list) and isinstance(head, int) and head < len(value)
    )
    if not inside:
        return skipped
    taken = (head, *_align(rest, value[head]))
    return taken if len(taken) >= len(skipped) else skipped


def _problems(error: ValidationError, built: _Built, value: Any, adapter: TypeAdapter[Any]) -> list[Problem]:
    found: dict[tuple[_Path, str], Problem] = {}
    known = sorted(_names(adapter.json_schema()))
    faults = error.errors(include_url=False)
    for fault in faults:
        steps = (*fault["loc"], *getattr(fault.get("ctx", {}).get("error"), "at", ()))
        if fault["type"] == "too_short" and any(_inside(one["loc"], steps) for one in faults):
            continue  # it is short only because what it holds is refused
        path = _align(steps, value)
        line = built.lines.get(path)
        shown: _Path = path
        if fault["type"] == "missing":
            shown = (*path, steps[-1])
        message = explain(fault)
        if fault["type"] == "extra_forbidden" and path:
            near = difflib.get_close_matches(str(path[-1]), known, 1)
            if near:
                zh, en = f"未知的键（是否为 {near[0]}？）", f"unknown key (did you mean {near[0]}?)"
                message = Text(zh=zh, en=en)
        found.setdefault((shown, str(message)), Problem(built.name, line, written_path(shown), message))
    return list(found.values())


def _inside(place: _Path, steps: _Path) -> bool:
    return len(place) > len(steps) and place[: len(steps)] == steps


def _names(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {name for part in schema for name in _names(part)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own.union(*(_names(part) for part in schema.values()))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str | dt.date):
        return value
    raise TypeError(f"{type(value).__name__} has no form in a zone's file")


def dump_yaml(value: Any, model: Any = None) -> str:
    """The file's text: keys in the model's order, defaults left out, Chinese as it is; the same value, the same bytes.

    ``model`` names the type where the value does not (``list[Attribute]``). ``load_yaml(dump_yaml(x))`` equals x.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(model or type(value))
    plain = _plain(adapter.dump_python(value, exclude_defaults=True, by_alias=True, context={"file": True}))
    text = yaml.dump(
        plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10**9, indent=2
    )
    return str(text)


def json_schema(model: Any) -> dict[str, Any]:
    """JSON Schema of a file, for editors that complete and check while typing."""
    return TypeAdapter(model).json_schema()
