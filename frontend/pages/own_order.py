"""In whose name a browser asks about one order."""

from uuid import UUID

from frontend.clients.asking import ORDER_TOKEN, Asker
from frontend.visit import Visit


def order_asker(visit: Visit, order_id: UUID, *, service: str = "orders") -> Asker:
    """By the order's own secret when this browser has it (a guest's order, or the link of the mail), else as
    the person signed in. `service`: who is asked, `orders` or `payments`."""
    token = visit.session.belongings.order_token(order_id)
    if token:
        return Asker(visit.locale, secrets={ORDER_TOKEN: token})
    return visit.asker(service)
