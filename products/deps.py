"""What routes ask for: one running application's settings, database and cursors."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chassis.database import Database
from chassis.pagination import Cursors
from products.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """What one running application has."""

    settings: Settings
    db: Database
    cursors: Cursors


async def context(request: Request) -> Context:
    """The running application's context."""
    found: Context = request.app.state.context
    return found


Shop = Annotated[Context, Depends(context)]
