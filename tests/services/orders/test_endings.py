"""Cancelling at every step, and the deadline with both its branches: money and stock always add up."""

from uuid import UUID

import httpx2
import pytest

from chassis.ids import new_id
from orders.lifecycle.queries import saga as queries
from orders.lifecycle.queries.changing import ask_to_cancel
from orders.lifecycle.queries.reading import Viewer
from orders.lifecycle.rules import Fact, decide
from orders.lifecycle.states import Reason, State, Status, Step
from tests.services.orders.conftest import MakeWorld
from tests.services.orders.world import World


async def stopped_at(world: World, step: str) -> str:
    """An order whose saga cannot get further than `step`."""
    match step:
        case "placed":
            world.products.before = _down_for_holds
            answer = await world.order()
            world.products.before = lambda _method, _path: None
            assert answer.status_code == 202
            return str(answer.json()["id"])
        case "held":
            world.payments.down = True
            answer = await world.order()
            world.payments.down = False
            return str(answer.json()["id"])
        case "awaiting_payment":
            return str((await world.ordered())["id"])
    order = await world.ordered()
    world.payments.pay(order["id"])
    match step:
        case "authorized":
            world.products.down = True
        case "allocated":
            world.payments.captures = "unknown"
        case "captured":
            world.cart.down = True
    await world.tell(order["id"])
    await world.idle()
    world.products.down = world.cart.down = False
    world.payments.captures = "done"
    return str(order["id"])


def _down_for_holds(method: str, path: str) -> None:
    if "/reservations/" in path:
        raise httpx2.ConnectError("down")


STEPS = ("placed", "held", "awaiting_payment", "authorized", "allocated", "captured", "closed")


@pytest.mark.parametrize("step", STEPS)
async def test_cancelling_at_each_step_frees_stock_and_returns_money(world: World, step: str) -> None:
    world.close_breakers()
    order_id = await stopped_at(world, step)
    world.close_breakers()
    assert (await world.look(order_id))["saga"]["step"] == step
    answer = await world.cancel(order_id)
    assert answer.status_code == 202
    await world.settle()
    ended = await world.look(order_id)
    assert (ended["status"], ended["cancel_reason"]) == ("canceled", "staff")
    was_paid = step in ("captured", "closed")
    assert ended["payment_status"] == ("refunded" if was_paid else "voided")
    assert world.products.left("MUG") == 10
    assert world.products.reservations[order_id]["state"] == "released"
    assert world.payments.net(order_id) == 0
    assert all(each["status"] in ("voided", "captured") for each in world.payments.of(order_id))
    again = await world.cancel(order_id)
    assert again.status_code == 200
    assert again.json()["version"] == ended["version"]
    asked = [event for event in ended["timeline"] if event["event"] == "order.cancel_requested"]
    assert [(event["who"], event["actor"]) for event in asked] == [("staff", "staff@example.com")]


async def test_a_customer_cancels_what_is_theirs(world: World) -> None:
    order = await world.ordered(cart_id=world.fill(customer=world.anna), who=world.customer())
    assert order["order_token"] is None
    assert (await world.cancel(order["id"], world.customer(new_id()))).status_code == 404
    answer = await world.cancel(order["id"], world.customer())
    assert answer.status_code == 202
    assert (answer.json()["status"], answer.json()["cancel_reason"]) == ("canceled", "customer")
    assert answer.json()["timeline"][-2]["who"] == "customer"


async def test_an_unknown_void_keeps_the_stock_and_asks_again(world: World) -> None:
    order = await world.ordered()
    world.payments.voids = "unknown"
    await world.cancel(order["id"])
    assert (await world.look(order["id"]))["status"] == "canceling"
    assert world.products.left("MUG") == 8, "the door is not shut yet"
    world.payments.voids = "done"
    await world.settle()
    assert (await world.look(order["id"]))["status"] == "canceled"
    assert world.products.left("MUG") == 10


async def test_an_attempt_begun_while_the_door_is_being_shut_is_shut_before_the_stock_is_freed(
    world: World,
) -> None:
    order = await world.ordered()
    order_id = order["id"]
    world.payments.of(order_id)[0]["status"] = "failed"

    def _pay_again_just_before(_method: str, path: str) -> None:
        if path.endswith("/void") and len(world.payments.of(order_id)) == 1:
            world.payments.again(order_id)

    at_release = []

    def _look_at_the_door(_method: str, path: str) -> None:
        if path.endswith("/release"):
            at_release.append([each["status"] for each in world.payments.of(order_id)])

    world.payments.before, world.products.before = _pay_again_just_before, _look_at_the_door
    await world.cancel(order_id)
    await world.settle()
    assert (await world.look(order_id))["status"] == "canceled"
    assert at_release == [["failed", "voided"]]


async def test_a_payment_that_beats_the_cancellation_is_refunded(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"], capture=True)
    await world.cancel(order["id"])
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["payment_status"]) == ("canceled", "refunded")
    assert world.payments.net(order["id"]) == 0
    assert len(world.payments.refunds) == 1


async def test_a_refund_under_way_is_enough_and_its_end_is_noticed(world: World) -> None:
    order = await world.paid()
    world.payments.refunding = "pending"
    await world.cancel(order["id"])
    await world.settle()
    assert (await world.look(order["id"]))["payment_status"] == "paid"
    world.payments.of(order["id"])[0]["refunded"] = order["total"]["amount"]
    await world.tell(order["id"], kind="refund.succeeded")
    await world.idle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["payment_status"]) == ("canceled", "refunded")


async def test_a_refund_that_fails_is_made_anew(world: World) -> None:
    order = await world.paid()
    world.payments.refunding = "failed"
    await world.cancel(order["id"])
    assert (await world.look(order["id"]))["status"] == "canceling"
    world.payments.refunding = "succeeded"
    await world.settle()
    assert (await world.look(order["id"]))["payment_status"] == "refunded"
    assert world.payments.net(order["id"]) == 0


async def test_an_unpaid_order_expires_and_gives_its_coupon_back(world: World) -> None:
    await world.sql("INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('ONE', 'percent', 10, 1)")
    order = await world.ordered(coupon="ONE")
    assert await world.one("SELECT used FROM coupons") == 1
    await world.pass_deadline(order["id"])
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["cancel_reason"], ended["payment_status"]) == (
        "expired",
        "deadline",
        "voided",
    )
    assert world.products.left("MUG") == 10
    assert await world.one("SELECT used FROM coupons") == 0
    assert (await world.cancel(order["id"])).status_code == 409
    closing = [path for _, path in world.payments.calls].index(
        f"/internal/payments/{ended['payment']['id']}/void"
    )
    assert closing >= 0
    assert (await world.order(order["cart_id"], coupon="ONE")).status_code == 201, "the cart is free again"


async def test_the_door_is_shut_before_the_stock_is_free(world: World) -> None:
    order = await world.ordered()
    seen: list[str] = []
    world.payments.before = lambda _method, path: seen.append(path.rsplit("/", 1)[1])
    world.products.before = lambda _method, path: seen.append(path.rsplit("/", 1)[1])
    await world.pass_deadline(order["id"])
    await world.settle()
    assert seen.index("void") < seen.index("release")


async def test_money_that_won_the_deadline_confirms_the_order(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    await world.pass_deadline(order["id"])
    await world.settle()
    done = await world.look(order["id"])
    assert (done["status"], done["payment_status"], done["cancel_reason"]) == ("confirmed", "paid", None)
    assert "order.deadline_passed" in [event["event"] for event in done["timeline"]]
    assert world.payments.net(order["id"]) == order["total"]["amount"]


async def test_late_money_finds_its_goods_again(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.products.expire(order["id"])
    await world.pass_deadline(order["id"])
    await world.settle()
    assert (await world.look(order["id"]))["status"] == "confirmed"
    assert world.products.left("MUG") == 8


async def test_late_money_without_goods_goes_back(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.products.expire(order["id"])
    world.products.stock[world.products.named("MUG")["variant_id"]] = 1
    await world.pass_deadline(order["id"])
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["cancel_reason"]) == ("canceled", "stock_unavailable")
    assert ended["failure"]["lines"][0]["sku"] == "MUG"
    assert world.payments.net(order["id"]) == 0
    assert world.products.left("MUG") == 1


async def test_a_payment_page_that_never_comes_ends_the_order(world: World) -> None:
    world.payments.opens = "slow"
    order_id = (await world.order()).json()["id"]
    await world.pass_deadline(order_id)
    await world.settle()
    assert (await world.look(order_id))["status"] == "expired"
    assert world.products.left("MUG") == 10


async def test_a_hold_that_was_swept_before_the_payment_opened_ends_the_order(world: World) -> None:
    order_id = await stopped_at(world, "placed")
    world.close_breakers()
    world.products.reservations[order_id] = {"state": "expired", "lines": []}
    await world.settle()
    assert (await world.look(order_id))["status"] == "expired"


async def test_cancelling_beats_a_deadline_that_is_being_kept(world: World) -> None:
    order = await world.ordered()
    world.payments.voids = "unknown"
    await world.pass_deadline(order["id"])
    await world.sql("UPDATE orders SET next_at = now()")
    await world.work()
    assert (await world.look(order["id"]))["cancel_reason"] == "deadline"
    world.payments.pay(order["id"])
    world.payments.voids = "done"
    await world.cancel(order["id"])
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["cancel_reason"]) == ("canceled", "staff")
    assert world.payments.net(order["id"]) == 0


async def test_money_after_the_end_is_given_back(world: World) -> None:
    """A provider that takes money through a door it said was shut."""
    order = await world.ordered()
    await world.cancel(order["id"])
    payment = world.payments.of(order["id"])[0]
    amount = order["total"]["amount"]
    payment.update(status="captured", authorized=amount, captured=amount)
    await world.tell(order["id"], kind="payment.captured")
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["payment_status"]) == ("canceled", "refunded")
    assert world.payments.net(order["id"]) == 0
    assert world.products.left("MUG") == 10


async def test_money_of_a_wrong_amount_waits_for_staff(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.payments.of(order["id"])[0]["quarantined"] = True
    await world.tell(order["id"])
    await world.idle()
    seen = await world.look(order["id"])
    assert (seen["status"], seen["saga"]["stuck"]) == ("pending", True)
    assert "quarantine" in seen["saga"]["last_error"]
    assert seen["timeline"][-1]["event"] == "order.stuck"
    listed = (await world.client.get("/orders?stuck=true", headers=world.staff)).json()["items"]
    assert [item["id"] for item in listed] == [order["id"]]
    world.payments.of(order["id"])[0]["quarantined"] = False
    retried = await world.client.post(f"/orders/{order['id']}/retry", headers=world.staff)
    assert retried.status_code == 202
    await world.settle()
    done = await world.look(order["id"])
    assert (done["status"], done["saga"]["stuck"]) == ("confirmed", False)


async def test_an_outage_tells_staff_and_needs_nobody(make_world: MakeWorld) -> None:
    world = await make_world(stuck_after=3)
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.products.down = True
    await world.tell(order["id"])
    await world.idle()
    for _ in range(4):
        world.close_breakers()
        await world.sql("UPDATE orders SET next_at = now()")
        await world.work()
    stuck = await world.look(order["id"])
    assert (stuck["saga"]["stuck"], stuck["saga"]["step"]) == (True, "authorized")
    assert [event["event"] for event in stuck["timeline"]].count("order.stuck") == 1
    world.products.down = False
    await world.settle()
    done = await world.look(order["id"])
    assert (done["status"], done["saga"]["stuck"]) == ("confirmed", False)


async def test_an_order_that_kills_its_workers_is_put_aside(make_world: MakeWorld) -> None:
    world = await make_world(stuck_after=3)
    order = await world.ordered()
    taken = 0
    for _ in range(6):
        await world.sql("UPDATE orders SET next_at = now() WHERE next_at IS NOT NULL")
        taken += len(await queries.claim(world.shop.db, 10, lease_seconds=30, deaths=3))
    assert taken == 3, "each died with the order in its hands"
    aside = await world.look(order["id"])
    assert (aside["saga"]["stuck"], aside["saga"]["next_at"]) == (True, None)
    world.payments.pay(order["id"])
    await world.client.post(f"/orders/{order['id']}/retry", headers=world.staff)
    await world.settle()
    assert (await world.look(order["id"]))["status"] == "confirmed"


async def test_a_worker_that_was_frozen_past_its_lease_writes_nothing(world: World) -> None:
    order = await world.ordered()
    await world.sql("UPDATE orders SET next_at = now()")
    (frozen,) = await queries.claim(world.shop.db, 10, lease_seconds=0, deaths=9)
    stale = await queries.load(world.shop.db, frozen)
    assert stale is not None
    world.payments.pay(order["id"])
    await world.settle()
    await world.tell(order["id"])
    await world.settle()
    before = await world.look(order["id"])
    await world.shop.saga.advance(frozen, stale)
    assert await world.look(order["id"]) == before
    assert await queries.load(world.shop.db, frozen) is None


async def test_cancel_guard_of_sql_is_that_of_the_rules(world: World) -> None:
    order_id = UUID((await world.ordered())["id"])
    for status in Status:
        for reason in (None, *Reason):
            if (status is Status.CANCELING) != (reason is not None):
                continue
            await world.sql(
                "UPDATE orders SET status = $1, cancel_reason = $2, live = $1 IN ('pending', 'canceling')",
                status.value,
                reason.value if reason else None,
            )
            asked = await ask_to_cancel(
                world.shop.db,
                world.shop.saga.new_lease(order_id),
                Viewer(staff=True),
                reason=Reason.CUSTOMER,
                actor=None,
                lease_seconds=30,
            )
            after, _ = decide(State(status, Step.PLACED, reason), Fact.CANCELED_BY_CUSTOMER)
            assert (asked is not None) == (after != State(status, Step.PLACED, reason)), (status, reason)
