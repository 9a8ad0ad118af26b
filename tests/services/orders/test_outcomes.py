"""Every way that a checkout can end, seen from outside."""

import asyncio

from tests.services.orders.conftest import MakeWorld
from tests.services.orders.world import World

MUGS_AND_DELIVERY = 2 * 1500 + 490


async def test_a_paid_order_has_its_stock_its_money_and_no_cart(world: World) -> None:
    answer = await world.order()
    assert answer.status_code == 201
    order = answer.json()
    assert order["status"] == "pending"
    assert order["payment_status"] == "unpaid"
    assert order["total"] == {"amount": MUGS_AND_DELIVERY, "currency": "EUR"}
    assert order["payment"]["redirect_url"] == f"https://pay.example/{order['payment']['id']}"
    assert answer.headers["location"] == f"/orders/{order['id']}"
    assert world.products.left("MUG") == 8

    world.payments.pay(order["id"])
    assert (await world.tell(order["id"])).status_code == 204
    await world.idle()
    done = await world.look(order["id"])
    assert (done["status"], done["payment_status"], done["saga"]["step"]) == ("confirmed", "paid", "closed")
    assert done["saga"]["next_at"] is None
    assert [event["event"] for event in done["timeline"]] == [
        "order.placed",
        "stock.held",
        "payment.opened",
        "payment.authorized",
        "order.confirmed",
        "payment.captured",
    ]
    assert world.products.reservations[order["id"]]["state"] == "allocated"
    assert world.payments.net(order["id"]) == MUGS_AND_DELIVERY
    assert world.cart.carts[order["cart_id"]]["items"] == []
    assert await world.one("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail'") == 1


async def test_what_the_services_beside_are_asked_for_one_order(world: World) -> None:
    order = await world.paid()
    names = [path.split("/")[2] + "/" + path.split("/")[-1] for _, path in world.payments.calls]
    assert names == [f"payments/{order['payment']['id']}", f"payables/{order['id']}", "payments/capture"]
    assert [path.split("/")[-1] for _, path in world.products.calls] == ["prices", order["id"], "commit"]
    assert len(world.cart.calls) == 2
    request = world.payments.requests[order["payment"]["id"]]
    assert request["success_url"] == f"http://localhost:8000/checkout/{order['id']}/return"
    assert request["cancel_url"] == request["success_url"] + "?canceled=1"
    assert request["amount"] == order["total"]
    assert request["session_seconds"] == 31 * 60


async def test_what_came_into_the_cart_meanwhile_stays(world: World) -> None:
    order = await world.ordered()
    cart = world.cart.carts[order["cart_id"]]
    cart["items"][0]["quantity"] += 1
    cart["version"] += 1
    world.payments.pay(order["id"])
    await world.tell(order["id"])
    await world.idle()
    assert [item["quantity"] for item in cart["items"]] == [1]


async def test_short_stock_fails_the_order_and_names_each_line(world: World) -> None:
    await world.sql(
        "INSERT INTO coupons (code, kind, percent, total_limit) VALUES ('HALF', 'percent', 50, 5)"
    )
    answer = await world.order(world.fill(MUG=11, TEE=1), coupon="half")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "out_of_stock"
    mug = world.products.named("MUG")["variant_id"]
    assert problem["lines"] == [{"variant_id": mug, "sku": "MUG", "requested": 11, "available": 10}]
    failed = await world.look(problem["order_id"])
    assert (failed["status"], failed["number"]) == ("failed", problem["number"])
    assert failed["failure"]["code"] == "out_of_stock"
    assert await world.one("SELECT used FROM coupons") == 0
    assert await world.one("SELECT state FROM coupon_redemptions") == "returned"
    assert world.products.left("TEE") == 10
    assert world.payments.calls == []
    assert (await world.order(failed["cart_id"])).status_code == 409, "failed orders stand in nobody's way"


async def test_another_price_is_refused_with_the_new_quote(world: World) -> None:
    answer = await world.order(expected_total={"amount": 3000, "currency": "EUR"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "price_changed"
    quote = answer.json()["quote"]
    assert quote["total"] == {"amount": MUGS_AND_DELIVERY, "currency": "EUR"}
    assert await world.one("SELECT count(*) FROM orders") == 0
    agreed = await world.order(expected_total=quote["total"])
    assert agreed.status_code == 201


async def test_an_article_that_is_not_sold_any_more_is_refused(world: World) -> None:
    world.products.named("MUG")["sellable"] = False
    answer = await world.order()
    assert (answer.status_code, answer.json()["code"]) == (409, "not_sellable")
    assert [line["sku"] for line in answer.json()["lines"]] == ["MUG"]
    assert await world.one("SELECT count(*) FROM orders") == 0


async def test_the_provider_refuses(world: World) -> None:
    world.payments.opens = "refused"
    answer = await world.order()
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_refused")
    failed = await world.look(answer.json()["order_id"])
    assert (failed["status"], failed["payment_status"]) == ("failed", "voided")
    assert world.products.left("MUG") == 10


async def test_a_slow_provider_is_waited_for_elsewhere(world: World) -> None:
    world.payments.opens = "slow"
    answer = await world.order()
    assert answer.status_code == 202
    order = answer.json()
    assert order["status"] == "pending"
    assert order["payment"] is None
    assert (await world.look(order["id"]))["saga"]["step"] == "held"
    world.payments.opens = "ready"
    await world.settle()
    assert (await world.look(order["id"]))["payment"]["redirect_url"].startswith("https://pay.example/")
    assert world.products.left("MUG") == 8


async def test_a_provider_slower_than_the_shopper(make_world: MakeWorld) -> None:
    world = await make_world(inline_seconds=0.05)
    world.payments.slow = 0.3
    answer = await world.order()
    assert answer.status_code == 202
    assert answer.json()["payment"] is None
    seen = await world.look(answer.json()["id"], wait=3)
    assert seen["payment"]["redirect_url"].startswith("https://pay.example/")


async def test_products_down_before_the_order_is_503_and_nothing_is_written(world: World) -> None:
    world.products.down = True
    answer = await world.order()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert await world.one("SELECT count(*) FROM orders") == 0


async def test_payments_down_means_held_and_patient(world: World) -> None:
    world.payments.down = True
    answer = await world.order()
    assert answer.status_code == 202
    waiting = await world.look(answer.json()["id"])
    assert waiting["saga"]["step"] == "held"
    assert "payments is not answering" in waiting["saga"]["last_error"]
    world.payments.down = False
    await world.settle()
    assert (await world.look(answer.json()["id"]))["saga"]["step"] == "awaiting_payment"
    assert world.products.count("PUT", "/internal/reservations/[^/]+$") == 1


async def test_a_zero_total_never_sees_the_provider(world: World) -> None:
    await world.sql("INSERT INTO coupons (code, kind, percent) VALUES ('FREE', 'percent', 100)")
    answer = await world.order(coupon="FREE", shipping_method="pickup")
    assert answer.status_code == 201
    order = answer.json()
    assert order["total"]["amount"] == 0
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
    await world.settle()
    assert world.payments.calls == []
    assert world.products.reservations[order["id"]]["state"] == "allocated"
    assert world.cart.cleared.keys() == {order["id"]}


async def test_a_declined_capture_frees_everything(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.payments.captures = "declined"
    await world.tell(order["id"])
    await world.settle()
    ended = await world.look(order["id"])
    assert (ended["status"], ended["cancel_reason"]) == ("canceled", "payment_declined")
    assert (world.products.left("MUG"), world.payments.net(order["id"])) == (10, 0)


async def test_an_unknown_capture_confirms_and_asks_again(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"])
    world.payments.captures = "unknown"
    await world.tell(order["id"])
    await world.idle()
    confirmed = await world.look(order["id"])
    assert (confirmed["status"], confirmed["saga"]["step"]) == ("confirmed", "allocated")
    assert confirmed["payment_status"] == "authorized"
    world.payments.captures = "done"
    await world.settle()
    assert (await world.look(order["id"]))["payment_status"] == "paid"
    assert await world.one("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'mail'") == 1


async def test_a_method_that_captures_at_once(world: World) -> None:
    order = await world.ordered()
    world.payments.pay(order["id"], capture=True)
    await world.tell(order["id"], kind="payment.captured")
    await world.settle()
    done = await world.look(order["id"])
    assert (done["status"], done["payment_status"]) == ("confirmed", "paid")


async def test_a_further_attempt_is_the_one_that_counts(world: World) -> None:
    order = await world.ordered()
    world.payments.of(order["id"])[0]["status"] = "failed"
    world.payments.again(order["id"])
    await world.tell(order["id"], kind="payment.created")
    await world.idle()
    assert (await world.look(order["id"]))["payment"]["id"] == world.payments.of(order["id"])[1]["id"]
    world.payments.pay(order["id"])
    await world.tell(order["id"])
    await world.settle()
    done = await world.look(order["id"])
    assert done["payment_status"] == "paid"
    assert world.payments.of(order["id"])[1]["status"] == "captured"


async def test_who_comes_back_from_the_provider_is_seen_at_once(world: World) -> None:
    order = await world.ordered()
    world.payments.paid_at_sync = True
    seen = await world.look(order["id"], wait=3)
    assert seen["payment_status"] in ("authorized", "paid")
    await world.idle()
    assert (await world.look(order["id"]))["status"] == "confirmed"
    assert world.payments.count("PUT", "/sync$") == 1


async def test_news_is_taken_once_and_its_word_is_not(world: World) -> None:
    order = await world.ordered()
    event = world.shop.saga.new_lease(world.anna).token
    for _ in range(3):
        assert (await world.tell(order["id"], event, "payment.captured")).status_code == 204
        await world.idle()
    assert (await world.look(order["id"]))["status"] == "pending", "payments say nothing was paid"
    assert world.payments.count("GET", "/payables/") == 1
    assert (await world.tell(str(world.anna))).status_code == 204, "news of an order that nobody knows"


async def test_news_that_comes_while_another_works_is_not_lost(world: World) -> None:
    order = await world.ordered()
    world.payments.slow = 0.2
    first = asyncio.create_task(world.tell(order["id"], kind="payment.created"))
    await asyncio.sleep(0.1)
    world.payments.slow = 0
    world.payments.pay(order["id"])
    await world.tell(order["id"])
    await first
    await world.idle()
    assert (await world.look(order["id"]))["status"] == "confirmed"
