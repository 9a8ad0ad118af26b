"""Rows as dataclasses: the only place that puts SQL together. Names come from code, values are bound."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar

import orjson

Row = TypeVar("Row")
Value = str | int | float | None


AS_JSON = "as JSON text"
"""Annotates a dataclass field that its table keeps as JSON text."""


class Table(Generic[Row]):
    """A table whose columns are the fields of dataclass `row`, and whose key is the column `id`."""

    def __init__(self, name: str, row: type[Row]) -> None:
        columns = fields(row)  # type: ignore[arg-type]  # every Row of this package is a dataclass
        self.name = name
        self._row = row
        self._columns = tuple(column.name for column in columns)
        self._json = frozenset(column.name for column in columns if _is_json(column.type))
        self._converted = tuple(
            (index, bool if column.type is bool else orjson.loads)
            for index, column in enumerate(columns)
            if column.type is bool or _is_json(column.type)
        )
        self._list = ", ".join(self._columns)
        marks = ", ".join("?" for _ in self._columns)
        self._insert = f"INSERT INTO {name} ({self._list}) VALUES ({marks})"  # noqa: S608  # see the module
        self._select = f"SELECT {self._list} FROM {name}"  # noqa: S608  # see the module

    def insert(self, db: sqlite3.Connection, row: Row) -> Row:
        """The row stands in the table."""
        db.execute(self._insert, [self._bound(column, getattr(row, column)) for column in self._columns])
        return row

    def get(self, db: sqlite3.Connection, id: str) -> Row | None:  # noqa: A002  # Stripe's word
        """The row with this id, if there is one."""
        return next(iter(self.where(db, "id = ?", id)), None)

    def where(self, db: sqlite3.Connection, condition: str, *values: Value) -> list[Row]:
        """The rows that meet `condition` (SQL after WHERE, with `?` for each value)."""
        return self._read(db.execute(f"{self._select} WHERE {condition}", values))

    def update(
        self,
        db: sqlite3.Connection,
        id: str,  # noqa: A002  # Stripe's word
        *,
        status_in: tuple[str, ...] = (),
        **changes: Any,
    ) -> Row | None:
        """The changed row; None, and nothing changed, unless its status is one of `status_in` (any when empty)."""
        sets = ", ".join(f"{column} = ?" for column in changes)
        guard = f" AND status IN ({', '.join('?' for _ in status_in)})" if status_in else ""
        rows = self._read(
            db.execute(
                f"UPDATE {self.name} SET {sets} WHERE id = ?{guard} RETURNING {self._list}",  # noqa: S608  # see the module
                [*(self._bound(column, value) for column, value in changes.items()), id, *status_in],
            )
        )
        return rows[0] if rows else None

    def page(
        self,
        db: sqlite3.Connection,
        *,
        limit: int,
        equal: Mapping[str, Value],
        conditions: Iterable[tuple[str, Value]] = (),
        after: str | None = None,
        before: str | None = None,
    ) -> tuple[list[Row], bool]:
        """Up to `limit` rows, newest first, and whether there are more in that direction.

        `equal` are columns that must have a value (None: any value), `conditions` more SQL with one value each;
        `after` and `before` are ids that the page follows or precedes.
        """
        parts: list[tuple[str, Value]] = [
            (f"{column} = ?", value) for column, value in equal.items() if value is not None
        ]
        parts.extend(conditions)
        for sign, cursor in (("<", after), (">", before)):
            if cursor is not None:
                parts.append((f"rowid {sign} (SELECT rowid FROM {self.name} WHERE id = ?)", cursor))  # noqa: S608  # see the module
        where = " AND ".join(condition for condition, _ in parts) or "true"
        order = "ASC" if before is not None else "DESC"
        rows = self.where(
            db, f"{where} ORDER BY rowid {order} LIMIT ?", *(value for _, value in parts), limit + 1
        )
        page = rows[:limit]
        return (page[::-1] if before is not None else page), len(rows) > limit

    def _read(self, cursor: sqlite3.Cursor) -> list[Row]:
        return [self._row(*self._values(row)) for row in cursor.fetchall()]

    def _values(self, row: tuple[Any, ...]) -> Iterable[Any]:
        values = list(row)
        for index, convert in self._converted:
            if values[index] is not None:
                values[index] = convert(values[index])
        return values

    def _bound(self, column: str, value: Any) -> Any:
        return orjson.dumps(value).decode() if column in self._json and value is not None else value


def _is_json(annotation: object) -> bool:
    return AS_JSON in getattr(annotation, "__metadata__", ())
