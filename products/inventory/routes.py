"""What staff see and change of the stock."""

import re
from typing import Annotated

from fastapi import Path, Request, Response

from chassis import idempotency
from chassis.auth import StaffCaller
from chassis.database import Connection, Database
from chassis.errors import Forbidden
from chassis.idempotency import KeyHeader, KeyInFlight, KeyReused
from chassis.ids import new_id
from chassis.openapi import responses
from chassis.pagination import CursorIn, Cursors, InvalidCursor, Limit, Page
from chassis.routing import Router
from chassis.telemetry import log
from products.answering import as_json
from products.deps import Shop
from products.inventory import queries
from products.inventory.errors import StockBelowZero, StockNotFound
from products.inventory.schemas import AdjustmentIn, MovementOut, StockOut

router = Router(tags=["stock"])

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
SkuPath = Annotated[str, Path(description="The article code; the live variant's.", examples=["MUG-1"])]
SHOWN_MOVEMENTS = 20


@router.post(
    "/stock/{sku:path}/adjustments",
    status_code=201,
    summary="Count goods in or out",
    description=(
        "The only way to change what is on hand outside of orders. Taking away goods that are promised already "
        "raises `shortage`. Answers the counters and the newest movements. For staff."
    ),
    responses=responses(Forbidden, StockNotFound, StockBelowZero, KeyInFlight, KeyReused),
    response_model=StockOut,
)
async def adjust(
    sku: SkuPath,
    request: Request,
    shop: Shop,
    staff: StaffCaller,
    body: AdjustmentIn,
    key: KeyHeader = None,
) -> Response:
    repeatable = await idempotency.keyed(request, key, staff.subject)
    async with shop.db.transaction() as connection:
        if (recorded := await idempotency.claim(connection, repeatable)) is not None:
            return recorded.response()
        variant = await queries.stock_of(connection, _known_form(sku))
        if variant is None:
            raise StockNotFound
        await queries.adjust(
            connection,
            variant["variant_id"],
            delta=body.delta,
            cause_id=new_id(),
            actor=staff.subject,
            reason=body.reason,
        )
        stock = await _stock(connection, shop.cursors, sku, before=queries.NEWEST, limit=SHOWN_MOVEMENTS)
        answer = as_json(stock, status=201, headers={})
        await idempotency.record(connection, repeatable, status=201, body=bytes(answer.body))
    log.info("stock.adjusted", sku=variant["sku"], delta=body.delta)
    return answer


@router.get(
    "/stock/{sku:path}",
    summary="The stock of a variant and its movements",
    description="The counters are the sums of all movements. For staff.",
    responses=responses(Forbidden, StockNotFound, InvalidCursor),
)
async def show(
    sku: SkuPath, shop: Shop, staff: StaffCaller, limit: Limit = SHOWN_MOVEMENTS, cursor: CursorIn = None
) -> StockOut:
    before = queries.NEWEST
    if cursor is not None:
        (before,) = shop.cursors.decode(["movements", sku], cursor, length=1)
    return await _stock(shop.db, shop.cursors, sku, before=before, limit=limit)


async def _stock(
    reader: Database | Connection, cursors: Cursors, sku: str, *, before: int, limit: int
) -> StockOut:
    """The counters and one page of movements. Raises StockNotFound."""
    counters = await queries.stock_of(reader, _known_form(sku))
    if counters is None:
        raise StockNotFound
    rows = await queries.movements(reader, counters["variant_id"], before=before, limit=limit + 1)
    shown = [MovementOut.model_validate(dict(row)) for row in rows[:limit]]
    following = cursors.encode(["movements", sku], [shown[-1].id]) if len(rows) > limit else None
    return StockOut(**counters, movements=Page[MovementOut](items=shown, next_cursor=following))


def _known_form(sku: str) -> str:
    """The article code as it came. Raises StockNotFound for what can be none."""
    if SKU.fullmatch(sku) is None:
        raise StockNotFound
    return sku
