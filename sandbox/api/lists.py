"""Lists as Stripe answers them: newest first, `has_more`, pages by the id of their edge."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sandbox.api.errors import InvalidRequest
from sandbox.api.wire import Json, ListParams
from sandbox.table import Table, Value
from sandbox.transaction import Transaction

Row = TypeVar("Row")
BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def list_page(
    transaction: Transaction,
    table: Table[Row],
    params: ListParams,
    *,
    url: str,
    equal: Mapping[str, Value],
    render: Callable[[Row], Json],
    conditions: Sequence[tuple[str, Value]] = (),
) -> Json:
    """The page that `params` asks for, of rows whose columns equal `equal` (None: any value).

    `conditions` are more SQL with one value each.

    Raises InvalidRequest for an edge that does not exist.
    """
    for edge in ("starting_after", "ending_before"):
        cursor = getattr(params, edge)
        if cursor is not None and table.get(transaction.db, cursor) is None:
            raise InvalidRequest(f"No such object: '{cursor}'", code="resource_missing", param=edge)
    bounds = params.created.model_dump(exclude_none=True) if params.created else {}
    rows, more = table.page(
        transaction.db,
        limit=params.limit,
        equal=equal,
        conditions=[*conditions, *((f"created {BOUNDS[name]} ?", value) for name, value in bounds.items())],
        after=params.starting_after,
        before=params.ending_before,
    )
    return listed([render(row) for row in rows], url=url, more=more)


def listed(data: list[Json], *, url: str, more: bool) -> Json:
    """A list object."""
    return {"object": "list", "data": data, "has_more": more, "url": url}
