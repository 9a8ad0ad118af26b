"""Who may do what: every route for every identity, and other people's things are not there."""

import pytest

from chassis.ids import new_id
from tests.services.orders.world import ADDRESS, World

EVERYBODY = ("nobody", "stranger", "owner", "guest", "other token", "staff", "service", "forged")


def identity(world: World, who: str, token: str) -> dict[str, str]:
    return {
        "nobody": {},
        "stranger": world.customer(new_id()),
        "owner": world.customer(),
        "guest": {"x-order-token": token},
        "other token": {"x-order-token": "A" * 43},
        "staff": world.staff,
        "service": world.service(),
        "forged": {"authorization": "Bearer e30.e30.e30"},
    }[who]


EDIT = {"shipping_address": ADDRESS, "note": "new"}

MATRIX = {
    ("GET", "/orders/{owned}"): (401, 404, 200, 404, 404, 200, 403, 401),
    ("GET", "/orders/{guests}"): (401, 404, 404, 200, 404, 200, 403, 401),
    ("PUT", "/orders/{owned}"): (401, 404, 200, 404, 404, 428, 403, 401),
    ("PUT", "/orders/{guests}"): (401, 404, 404, 200, 404, 428, 403, 401),
    ("DELETE", "/orders/{owned}"): (401, 404, 202, 404, 404, 200, 403, 401),
    ("DELETE", "/orders/{guests}"): (401, 404, 404, 202, 404, 200, 403, 401),
    ("POST", "/orders/{owned}/retry"): (401, 403, 403, 401, 401, 202, 403, 401),
    ("GET", "/orders"): (401, 200, 200, 401, 401, 200, 403, 401),
    ("GET", "/mails"): (401, 403, 403, 401, 401, 200, 403, 401),
    ("PUT", "/internal/events/0199c0ff-ee00-7000-b000-0000000000ee"): (
        401, 403, 403, 401, 401, 403, 204, 401,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("route", "expected"), MATRIX.items(), ids=lambda each: str(each)[:60])
async def test_each_route_for_each_identity(
    world: World, route: tuple[str, str], expected: tuple[int, ...]
) -> None:
    owned = await world.ordered(cart_id=world.fill(customer=world.anna, MUG=1), who=world.customer())
    guests = await world.ordered(cart_id=world.fill(MUG=1))
    method, path = route
    bodies = {
        "PUT /orders": EDIT,
        "PUT /internal": {"type": "payment.created", "order_id": owned["id"], "payment_id": None},
    }
    body = next((value for key, value in bodies.items() if f"{method} {path}".startswith(key)), None)
    url = path.format(owned=owned["id"], guests=guests["id"])
    for who, status in zip(EVERYBODY, expected, strict=True):
        answer = await world.client.request(
            method, url, json=body, headers=identity(world, who, guests["order_token"])
        )
        assert answer.status_code == status, (who, answer.text)
    await world.idle()


async def test_another_service_may_not_tell_news(world: World) -> None:
    body = {"type": "payment.created", "order_id": str(new_id()), "payment_id": None}
    path = f"/internal/events/{new_id()}"
    assert (await world.client.put(path, json=body, headers=world.service("cart"))).status_code == 403


async def test_a_cart_is_ordered_by_who_can_open_it(world: World) -> None:
    guests, annas = world.fill(MUG=1), world.fill(customer=world.anna, MUG=1)
    assert (await world.order(guests, who={"x-cart-token": "wrong"})).status_code == 404
    assert (await world.order(annas, who={"x-cart-token": "wrong"})).status_code == 404
    assert (await world.order(annas, who=world.customer(new_id()))).status_code == 404
    assert (await world.order(guests, who=world.customer())).status_code == 404
    assert (await world.order(str(new_id()))).status_code == 404
    assert (await world.order(guests, who={"accept": "*/*"})).status_code == 401
    assert (await world.order(guests, who=world.service())).status_code == 403
    assert await world.one("SELECT count(*) FROM orders") == 0
    answer = await world.order(annas, who=world.customer())
    assert (answer.status_code, answer.json()["order_token"]) == (201, None)


async def test_a_guests_secret_is_good_for_their_order_and_ninety_days(world: World) -> None:
    one, other = await world.ordered(), await world.ordered()
    headers = {"x-order-token": one["order_token"]}
    mine = await world.client.get(f"/orders/{one['id']}", headers=headers)
    assert mine.status_code == 200
    assert (mine.json()["order_token"], mine.json()["saga"]) == (None, None)
    assert mine.headers["cache-control"] == "no-store"
    assert (await world.client.get(f"/orders/{other['id']}", headers=headers)).status_code == 404
    stored = await world.sql("SELECT token_hash, token_expires_at - created_at AS life FROM orders")
    assert stored[0]["life"].days == 90
    assert one["order_token"].encode() not in stored[0]["token_hash"]
    await world.sql("UPDATE orders SET token_expires_at = now()")
    assert (await world.client.get(f"/orders/{one['id']}", headers=headers)).status_code == 404


async def test_lists_are_ones_own_and_can_be_narrowed_and_paged(world: World) -> None:
    mine = [
        await world.ordered(cart_id=world.fill(customer=world.anna, MUG=1), who=world.customer())
        for _ in range(3)
    ]
    guests = await world.ordered(cart_id=world.fill(TEE=2))
    page = (await world.client.get("/orders?limit=2", headers=world.customer())).json()
    assert [item["id"] for item in page["items"]] == [mine[2]["id"], mine[1]["id"]]
    rest = await world.client.get(f"/orders?limit=2&cursor={page['next_cursor']}", headers=world.customer())
    assert [item["id"] for item in rest.json()["items"]] == [mine[0]["id"]]
    assert rest.json()["next_cursor"] is None

    async def _found(query: str) -> list[str]:
        answer = await world.client.get(f"/orders?{query}", headers=world.staff)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert len(await _found("")) == 4
    assert await _found(f"number={guests['number'].lower()}") == [guests["id"]]
    assert await _found("email=GUEST@example.com&status=confirmed") == []
    assert len(await _found("status=pending&payment_status=unpaid")) == 4
    assert await _found("stuck=true") == []
    first = (await world.client.get("/orders?limit=1", headers=world.staff)).json()
    assert first["items"][0]["item_count"] == 2
    assert first["items"][0]["name"] == "Tee"
    for bad in (
        f"cursor={page['next_cursor']}",
        "cursor=nonsense",
        f"cursor={first['next_cursor']}&status=pending",
    ):
        answer = await world.client.get(f"/orders?{bad}", headers=world.staff)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_addresses_and_note_may_be_corrected_and_nothing_else(world: World) -> None:
    order = await world.ordered()
    headers = {"x-order-token": order["order_token"]}
    url = f"/orders/{order['id']}"
    tag = (await world.client.get(url, headers=headers)).headers["etag"]
    edited = {"shipping_address": {**ADDRESS, "line1": "Nebenweg 1", "phone": "call"}, "note": " ring "}
    answer = await world.client.put(url, json=edited, headers={**headers, "if-match": tag})
    assert answer.status_code == 422, "that is no phone"
    edited["shipping_address"]["phone"] = "+49 30 123"  # type: ignore[index]  # it is the address
    answer = await world.client.put(url, json=edited, headers={**headers, "if-match": tag})
    assert answer.status_code == 200
    assert (answer.json()["shipping_address"]["line1"], answer.json()["note"]) == ("Nebenweg 1", "ring")
    assert answer.json()["total"] == order["total"]
    assert answer.json()["timeline"][-1]["event"] == "order.edited"
    stale = await world.client.put(url, json=edited, headers={**headers, "if-match": tag})
    assert stale.status_code == 412
    assert (await world.client.put(url, json=edited, headers=world.staff)).status_code == 428
    fresh = {**world.staff, "if-match": answer.headers["etag"]}
    assert (await world.client.put(url, json=edited, headers=fresh)).status_code == 200
    abroad = {"shipping_address": {**ADDRESS, "country": "FR"}}
    assert (await world.client.put(url, json=abroad, headers=headers)).json()["code"] == "country_fixed"
    await world.cancel(order["id"])
    await world.settle()
    late = await world.client.put(url, json=edited, headers=headers)
    assert (late.status_code, late.json()["code"]) == (409, "order_not_editable")


async def test_fulfilled_orders_are_neither_canceled_nor_edited(world: World) -> None:
    order = await world.paid()
    await world.sql("UPDATE orders SET fulfillment_status = 'fulfilled'")
    answer = await world.cancel(order["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_cancelable")
    assert (answer.json()["from_status"], answer.json()["to_status"]) == ("confirmed", "canceling")
    assert (await world.look(order["id"]))["version"] == order["version"]
