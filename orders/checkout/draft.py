"""An order before it is written: its number, its owner, its terms."""

import hashlib
import secrets
from uuid import UUID

import orjson

from chassis.ids import new_id
from chassis.money import Money
from chassis.schemas import Locale
from orders.checkout.queries import NewOrder
from orders.checkout.schemas import OrderPost
from orders.clients.cart import Cart, Proof
from orders.lifecycle.queries.saga import SagaOrder
from orders.lifecycle.states import PaymentStatus, State, Status, Step
from orders.pricing.service import Quote
from orders.shop import Shop
from orders.tokens import VALID_DAYS, token_hash

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I."""
NUMBER_LENGTH = 8


def new_order(
    shop: Shop,
    wanted: OrderPost,
    cart: Cart,
    priced: Quote,
    *,
    proof: Proof,
    locale: Locale,
    return_url: str,
) -> NewOrder:
    """The order as it will be written, with a new id. `return_url` empty: the shop's own page."""
    order_id, settings = new_id(), shop.settings
    is_guest = proof.customer_id is None
    billing = wanted.billing_address
    pieces: dict[UUID, int] = {}
    for item in cart.items:
        pieces[item.variant_id] = pieces.get(item.variant_id, 0) + item.quantity
    saga = SagaOrder(
        id=order_id,
        number="".join(secrets.choice(NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH)),
        state=State(Status.PENDING, Step.PLACED),
        payment_status=PaymentStatus.UNPAID,
        deadline_passed=False,
        news=0,
        attempts=1,
        stuck=False,
        total=total(priced),
        customer_id=proof.customer_id,
        token_hash=token_hash(shop.tokens.token(order_id)) if is_guest else None,
        email=wanted.email,
        locale=locale,
        return_url=return_url or f"{settings.public_origin}/checkout/{order_id}/return",
        cart_id=cart.id,
        payment_method=wanted.payment_method,
        payment_id=None,
        payment_state=None,
        payment_url=None,
        lines=tuple(sorted(pieces.items())),
    )
    return NewOrder(
        saga=saga,
        quote=priced,
        cart_version=cart.version,
        terms_hash=terms_hash(wanted),
        principal=f"cart:{cart.id}" if is_guest else f"customer:{proof.customer_id}",
        redeemer=redeemer(proof, wanted.email),
        shipping_address=wanted.shipping_address.stored(),
        billing_address=billing.stored() if billing else None,
        note=wanted.note,
        open_orders=settings.open_orders,
        lease_seconds=settings.lease_seconds,
        opening_seconds=settings.opening_seconds,
        token_days=VALID_DAYS,
        who="guest" if is_guest else "customer",
    )


def total(priced: Quote) -> Money:
    """What is to be paid."""
    return Money(priced.totals.total, priced.currency)


def redeemer(proof: Proof, email: str) -> str:
    """Whose uses of a coupon are counted together."""
    return f"customer:{proof.customer_id}" if proof.customer_id else f"guest:{email.lower()}"


def terms_hash(wanted: OrderPost) -> bytes:
    """Of everything that makes an order of the same cart another one."""
    terms = wanted.model_dump(mode="json", exclude={"expected_total", "return_url"})
    return hashlib.sha256(orjson.dumps(terms, option=orjson.OPT_SORT_KEYS)).digest()
