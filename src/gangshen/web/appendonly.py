"""Rows that are written once: journals, observations, events. A correction is a newer row."""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["AppendOnly", "AppendOnlyRows", "WrittenOnce"]


class WrittenOnce(TypeError):
    """An attempt to change or delete a row of an append-only model."""


def _refuse(what: str, model: str) -> NoReturn:
    raise WrittenOnce(f"{model} is append-only: {what} is refused; add a correcting row")


class AppendOnlyRows:
    """Mixed into a queryset before its base: rows are added and read, never updated or deleted."""

    model: Any

    def update(self, **values: Any) -> NoReturn:
        _refuse("update", self.model.__name__)

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        _refuse("bulk_update", self.model.__name__)

    def delete(self) -> NoReturn:
        _refuse("delete", self.model.__name__)


class AppendOnly:
    """Mixed into a model before ``models.Model``: one row is saved once."""

    _state: Any

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            _refuse("save", type(self).__name__)
        super().save(*args, **options)  # type: ignore[misc]

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        _refuse("delete", type(self).__name__)
