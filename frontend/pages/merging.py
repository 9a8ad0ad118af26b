"""A guest's cart joins the customer's at sign-in: atomically in the cart service, once, and told to the person."""

import hashlib
from uuid import NAMESPACE_OID, uuid5

from chassis.http import RemoteProblem, RemoteUnavailable
from frontend.visit import Visit


async def merge_guest_cart(visit: Visit) -> None:
    """What a guest had collected is in the signed-in person's cart, and a notice says how much that was.

    While cart does not answer, the guest's secret is kept and the next look at the cart tries again: the id of
    the merge is made of the secret, so that repeating is safe.
    """
    token = visit.session.belongings.cart_token
    if not token or visit.person is None:
        return
    merge_id = uuid5(NAMESPACE_OID, hashlib.sha256(f"{visit.person.id}\0{token}".encode()).hexdigest())
    try:
        merge = await visit.shop.cart.merge(merge_id=merge_id, cart_token=token, customer_id=visit.person.id)
    except RemoteUnavailable:
        visit.say("cart_away")
        return
    except RemoteProblem as refusal:
        if refusal.status not in (404, 410, 422):
            raise
        merge = None
    await visit.keep(visit.session.belongings.with_cart(""))
    if merge is not None and (pieces := sum(line.quantity for line in merge.merged)):
        visit.say("merged", pieces)
