"""Derived attributes: a tiny expression over others, for one subject, for bounds, and for columns.

Grammar: numbers, attribute ids, ``+ - * /``, unary minus, brackets, or one call ``size_class(industry, employees,
revenue, assets)``. Nothing else is accepted, and nothing is ever executed as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

__all__ = ["Expression", "ExpressionError", "Interval"]

Interval = tuple[float, float]
FUNCTIONS = {"size_class": 4}


class ExpressionError(ValueError):
    """The text is no expression of the grammar."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. ``inputs`` are the attribute ids it reads, in order; ``function`` a call by name."""

    text: str
    inputs: tuple[str, ...]
    function: str | None
    _tree: ast.expr

    @classmethod
    def parse(cls, text: str) -> Expression:
        try:
            tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ExpressionError(
                f"{text!r} is no expression (use attribute ids, numbers, + - * / and brackets)"
            ) from None
        if isinstance(tree, ast.Call):
            name = tree.func.id if isinstance(tree.func, ast.Name) else ""
            arguments = [part.id for part in tree.args if isinstance(part, ast.Name)]
            if FUNCTIONS.get(name) != len(tree.args) or len(arguments) != len(tree.args) or tree.keywords:
                raise ExpressionError(f"{text!r}: unknown function or arguments (known: {', '.join(FUNCTIONS)})")
            return cls(text, tuple(arguments), name, tree)
        names: list[str] = []
        _check(tree, text, names)
        return cls(text, tuple(dict.fromkeys(names)), None, tree)

    def value(self, values: Mapping[str, float | None]) -> float | None:
        """The value for one subject; None when an input is missing or a divisor is zero."""
        inputs = {name: values.get(name) for name in self.inputs}
        if any(number is None for number in inputs.values()):
            return None
        try:
            return _scalar(self._tree, inputs)  # type: ignore[arg-type]
        except (ZeroDivisionError, OverflowError):
            return None

    def bounds(self, values: Mapping[str, Interval]) -> Interval | None:
        """The interval the value lies in when each input lies in its own; None when a divisor may be zero."""
        try:
            return _bounds(self._tree, values)
        except (ZeroDivisionError, KeyError):
            return None

    def column(self) -> pl.Expr:
        """The same over the columns of a frame; null where an input is null or a divisor zero."""
        return _column(self._tree)


def _check(tree: ast.expr, text: str, names: list[str]) -> None:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        _check(tree.left, text, names)
        _check(tree.right, text, names)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        _check(tree.operand, text, names)
    elif isinstance(tree, ast.Name):
        names.append(tree.id)
    elif not (isinstance(tree, ast.Constant) and type(tree.value) in (int, float)):
        raise ExpressionError(f"{text!r}: only attribute ids, numbers, + - * / and brackets are allowed")


def _scalar(tree: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(tree, ast.BinOp):
        left, right = _scalar(tree.left, values), _scalar(tree.right, values)
        if isinstance(tree.op, ast.Add):
            return left + right
        if isinstance(tree.op, ast.Sub):
            return left - right
        return left * right if isinstance(tree.op, ast.Mult) else left / right
    if isinstance(tree, ast.UnaryOp):
        return -_scalar(tree.operand, values)
    return float(values[tree.id]) if isinstance(tree, ast.Name) else float(tree.value)  # type: ignore[attr-defined]


def _bounds(tree: ast.expr, values: Mapping[str, Interval]) -> Interval:
    if isinstance(tree, ast.BinOp):
        (a, b), (c, d) = _bounds(tree.left, values), _bounds(tree.right, values)
        if isinstance(tree.op, ast.Add):
            return a + c, b + d
        if isinstance(tree.op, ast.Sub):
            return a - d, b - c
        if isinstance(tree.op, ast.Div):
            if c <= 0 <= d:
                raise ZeroDivisionError
            c, d = 1 / d, 1 / c
        corners = (a * c, a * d, b * c, b * d)
        return min(corners), max(corners)
    if isinstance(tree, ast.UnaryOp):
        low, high = _bounds(tree.operand, values)
        return -high, -low
    if isinstance(tree, ast.Name):
        return values[tree.id]
    number = float(tree.value)  # type: ignore[attr-defined]
    return number, number


def _column(tree: ast.expr) -> pl.Expr:
    if isinstance(tree, ast.BinOp):
        left, right = _column(tree.left), _column(tree.right)
        if isinstance(tree.op, ast.Add):
            return left + right
        if isinstance(tree.op, ast.Sub):
            return left - right
        if isinstance(tree.op, ast.Mult):
            return left * right
        return pl.when(right != 0).then(left / right)
    if isinstance(tree, ast.UnaryOp):
        return -_column(tree.operand)
    if isinstance(tree, ast.Name):
        return pl.col(tree.id).cast(pl.Float64)
    return pl.lit(float(tree.value))  # type: ignore[attr-defined]
