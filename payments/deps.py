"""What routes ask for: the desk, the settings, the cursors, and whose payments the caller may see."""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Request

from chassis.auth import AnyCaller, OneOf
from chassis.errors import Forbidden, Unauthenticated
from chassis.pagination import Cursors
from payments.attempts.payable import Viewer
from payments.desk import Desk
from payments.settings import Settings

OrderToken = Annotated[
    str | None,
    Header(
        alias="X-Order-Token",
        min_length=16,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="A guest's secret for one order and its payments.",
    ),
]


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _cursors(request: Request) -> Cursors:
    cursors: Cursors = request.app.state.cursors
    return cursors


async def _viewer(who: AnyCaller, token: OrderToken = None) -> Viewer:
    """Whose payments are asked for. Raises Unauthenticated without any identity, Forbidden for services."""
    if who.is_service:
        raise Forbidden("This is for people.")
    if not who.subject and token is None:
        raise Unauthenticated("Send a bearer token, or the order's X-Order-Token.")
    return Viewer(
        is_staff=who.is_staff,
        customer_id=who.customer_id,
        order_token_hash=hashlib.sha256(token.encode()).hexdigest() if token else None,
    )


TheDesk = Annotated[Desk, Depends(_desk)]
TheSettings = Annotated[Settings, Depends(_settings)]
TheCursors = Annotated[Cursors, Depends(_cursors)]
OrdersOnly = Depends(OneOf("orders"))
TheViewer = Annotated[Viewer, Depends(_viewer)]
