"""`GET /mails`: what was written to shoppers, for staff."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.auth import StaffCaller
from chassis.errors import Forbidden, Unauthenticated
from chassis.openapi import responses
from chassis.pagination import CursorIn, InvalidCursor, Limit, Page
from chassis.routing import Router
from chassis.schemas import Out, Timestamp, Uuid
from orders.deps import ShopDep
from orders.notifications import queries
from orders.notifications.render import with_secret

router = Router(tags=["Mails"])


class MailOut(Out):
    """A mail. `kept`: there is no mail server, so nobody got it."""

    id: UUID
    order_id: UUID
    kind: Annotated[str, Field(examples=["order_confirmed"])]
    recipient: str
    locale: str
    subject: str
    text: str
    html: str
    state: Annotated[str, Field(examples=["kept"])]
    created_at: Timestamp
    sent_at: Timestamp | None


@router.get(
    "/mails",
    summary="List mails to shoppers",
    responses=responses(InvalidCursor, Unauthenticated, Forbidden),
)
async def list_mails(
    shop: ShopDep,
    _: StaffCaller,
    response: Response,
    limit: Limit = 20,
    cursor: CursorIn = None,
    order_id: Annotated[Uuid | None, Query(description="Only those about this order.")] = None,
) -> Page[MailOut]:
    """For staff, the newest first, as the shoppers see them: with the secret links of guests."""
    scope = ["mails", order_id]
    before = UUID(shop.cursors.decode(scope, cursor, length=1)[0]) if cursor is not None else None
    rows = await queries.page(shop.db, order_id=order_id, before=before, limit=limit + 1)
    shown = [
        MailOut.model_validate(
            {
                **row,
                "text": with_secret(row["text"], order_id=row["order_id"], tokens=shop.tokens),
                "html": with_secret(row["html"], order_id=row["order_id"], tokens=shop.tokens),
            }
        )
        for row in rows[:limit]
    ]
    following = shop.cursors.encode(scope, [shown[-1].id]) if len(rows) > limit else None
    response.headers["Cache-Control"] = "no-store"
    return Page[MailOut](items=shown, next_cursor=following)
