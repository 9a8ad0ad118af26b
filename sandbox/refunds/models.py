"""What stands in the store about a refund."""

from dataclasses import dataclass
from typing import Annotated

from sandbox.table import AS_JSON, Table


@dataclass(slots=True)
class Refund:
    """Money on its way back, or back, from one charge."""

    id: str
    payment_intent: str
    charge: str
    status: str
    amount: int
    currency: str
    reason: str | None
    balance_transaction: str | None
    failure_reason: str | None
    created: int
    metadata: Annotated[dict[str, str], AS_JSON]


REFUNDS = Table("refund", Refund)
