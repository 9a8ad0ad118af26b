"""What a shopper sees and does."""

from typing import Any
from uuid import UUID

import httpx2

from chassis.ids import new_id
from tests.services.cart.conftest import Shop, StartShop
from tests.services.cart.products_beside import Thing, variant

EMPTY: dict[str, Any] = {
    "id": None,
    "version": 0,
    "items": [],
    "subtotal": {"amount": 0, "currency": "EUR"},
    "note": "",
}


async def test_a_newcomer_sees_an_empty_cart_and_leaves_no_row(shop: Shop) -> None:
    answer = await shop.client.get("/cart")
    assert (answer.status_code, answer.json()) == (200, EMPTY)
    assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"0"', "no-store")
    assert await shop.cart(shop.customer()) == EMPTY
    assert await shop.rows() == []
    assert shop.products.requests == []


async def test_the_first_thing_makes_a_guest_cart_and_tells_its_secret_once(shop: Shop) -> None:
    answer = await shop.add({}, "MUG", 2)
    assert answer.status_code == 201
    secret = answer.headers["x-cart-token"]
    assert len(secret) == 43
    assert answer.headers["set-cookie"].split("; ") == [
        f"cart_token={secret}", "HttpOnly", "Max-Age=34560000", "Path=/cart", "SameSite=strict"
    ]  # fmt: skip
    body = answer.json()
    assert (UUID(body["id"]).version, UUID(body["items"][0]["id"]).version, body["version"]) == (7, 7, 1)
    assert body["subtotal"] == {"amount": 2500, "currency": "EUR"}
    assert {
        name: body["items"][0][name] for name in body["items"][0] if name not in ("id", "product_id")
    } == {
        "sku": "MUG",
        "variant_id": str(variant("MUG")),
        "quantity": 2,
        "slug": "mug",
        "name": "Mug",
        "options": {"Colour": "Blue"},
        "image": None,
        "unit_price": {"amount": 1250, "currency": "EUR"},
        "compare_at": {"amount": 1500, "currency": "EUR"},
        "line_total": {"amount": 2500, "currency": "EUR"},
        "available": 10,
        "backorder": False,
    }
    again = await shop.add({"x-cart-token": secret}, "CAP")
    assert again.json()["version"] == 2
    assert "x-cart-token" not in again.headers
    assert "set-cookie" not in again.headers
    assert await shop.cart({"x-cart-token": secret}) == again.json()


async def test_the_secret_is_stored_as_its_hash_only(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    stored = str(await shop.rows())
    assert who["x-cart-token"] not in stored
    assert await shop.db.fetchval("SELECT octet_length(secret_hash) FROM carts") == 32


async def test_the_cookie_is_enough_for_a_browser(shop: Shop) -> None:
    browser = shop.client
    await browser.post("/cart", json={"variant_id": str(variant("CAP")), "quantity": 1})
    await browser.post("/cart", json={"sku": "CAP", "quantity": 2})
    cart = (await browser.get("/cart")).json()
    item = cart["items"][0]
    assert (item["quantity"], item["image"]["url"], cart["version"]) == (3, "/cap.webp", 2)
    assert (await browser.put(f"/cart/{item['id']}", json={"quantity": 5})).json()["version"] == 3
    assert (await browser.delete(f"/cart/{item['id']}")).json()["items"] == []


async def test_where_the_shop_is_on_https_the_cookie_stays_there(start_shop: StartShop) -> None:
    shop = await start_shop(public_origin="https://shop.example")
    assert "; Secure" in (await shop.add({}, "MUG")).headers["set-cookie"]


async def test_the_same_variant_sums_up_to_999_and_keeps_its_place(shop: Shop) -> None:
    who = await shop.guest(MUG=998, CAP=1)
    answer = await shop.add(who, "MUG", 5)
    assert answer.status_code == 201
    assert [(item["sku"], item["quantity"]) for item in answer.json()["items"]] == [("MUG", 999), ("CAP", 1)]


async def test_a_customer_has_one_cart_for_good(shop: Shop) -> None:
    first = await shop.add(shop.customer(), "MUG")
    assert (first.status_code, first.json()["version"]) == (201, 1)
    assert "x-cart-token" not in first.headers
    assert "set-cookie" not in first.headers
    second = await shop.add(shop.customer(), "TEA", 3)
    assert second.json()["id"] == first.json()["id"]
    await shop.client.delete("/cart", headers=shop.customer())
    third = await shop.add(shop.customer(), "CAP")
    assert (third.json()["id"], third.json()["version"]) == (first.json()["id"], 4)


async def test_a_customers_token_wins_over_a_guests_secret(shop: Shop) -> None:
    guest = await shop.guest(TEA=1)
    await shop.add({**guest, **shop.customer()}, "MUG")
    assert await shop.pieces(guest) == {"TEA": 1}
    assert await shop.pieces(shop.customer()) == {"MUG": 1}


async def test_a_services_token_is_no_shopper_but_may_hand_on_a_secret(shop: Shop) -> None:
    guest = await shop.guest(TEA=1)
    assert await shop.pieces({**shop.as_service("frontend"), **guest}) == {"TEA": 1}
    assert await shop.cart(shop.as_service("frontend")) == EMPTY


async def test_quantity_is_set_not_summed(shop: Shop) -> None:
    who = await shop.guest(MUG=3)
    line = (await shop.cart(who))["items"][0]["id"]
    answer = await shop.client.put(f"/cart/{line}", json={"quantity": 7}, headers=who)
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (200, 2, '"2"')
    assert answer.json()["items"][0]["line_total"] == {"amount": 8750, "currency": "EUR"}


async def test_a_removed_line_is_gone_and_cannot_be_removed_twice(shop: Shop) -> None:
    who = await shop.guest(MUG=3, CAP=1)
    line = (await shop.cart(who))["items"][0]["id"]
    answer = await shop.client.delete(f"/cart/{line}", headers=who)
    assert (answer.status_code, [item["sku"] for item in answer.json()["items"]]) == (200, ["CAP"])
    before = await shop.rows()
    again = await shop.client.delete(f"/cart/{line}", headers=who)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    assert (await shop.client.put(f"/cart/{line}", json={"quantity": 1}, headers=who)).status_code == 404
    assert await shop.rows() == before


async def test_emptying_keeps_the_cart_and_may_be_repeated(shop: Shop) -> None:
    who = await shop.guest(MUG=3, CAP=1)
    before = await shop.cart(who)
    await shop.client.put("/cart", json={"note": "Ring twice"}, headers=who)
    answer = await shop.client.delete("/cart", headers=who)
    assert answer.json() == {**EMPTY, "id": before["id"], "version": 4}
    assert (await shop.client.delete("/cart", headers=who)).status_code == 200
    assert (await shop.client.delete("/cart")).json() == EMPTY


async def test_a_note_needs_a_cart_and_can_be_taken_back(shop: Shop) -> None:
    nobody = await shop.client.put("/cart", json={"note": "Ring twice"}, headers=shop.customer())
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")
    who = await shop.guest(MUG=1)
    answer = await shop.client.put("/cart", json={"note": "Звоните дважды\n🛎"}, headers=who)
    assert (answer.status_code, answer.json()["note"], answer.json()["version"]) == (
        200,
        "Звоните дважды\n🛎",
        2,
    )
    assert (await shop.client.put("/cart", json={"note": ""}, headers=who)).json()["note"] == ""


async def test_names_are_in_the_language_asked_for(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    russian = await shop.cart({**who, "accept-language": "ru-RU,ru;q=0.9,en;q=0.8"})
    assert russian["items"][0]["name"] == "Кружка"
    strange = await shop.client.get(
        "/cart", headers=httpx2.Headers({**who, "accept-language": "ÿ" * 10}, encoding="latin-1")
    )
    assert (strange.status_code, strange.json()["items"][0]["name"]) == (200, "Mug")


async def test_a_secret_that_opens_nothing_is_treated_like_none(shop: Shop) -> None:
    lapsed = {"x-cart-token": "a-secret-of-a-cart-that-was-swept"}
    assert await shop.cart(lapsed) == EMPTY
    assert (
        await shop.client.put(f"/cart/{new_id()}", json={"quantity": 1}, headers=lapsed)
    ).status_code == 404
    answer = await shop.add(lapsed, "MUG")
    assert answer.status_code == 201
    assert answer.headers["x-cart-token"] != lapsed["x-cart-token"]
    assert await shop.cart(lapsed) == EMPTY


async def test_more_than_available_is_accepted_and_shown_as_such(shop: Shop) -> None:
    shop.products.things["TEA"].available = 2
    item = (await shop.add({}, "TEA", 50)).json()["items"][0]
    assert (item["quantity"], item["available"], item["line_total"]["amount"]) == (50, 2, 24950)


async def test_what_is_no_longer_sold_stays_unavailable_and_does_not_count(shop: Shop) -> None:
    who = await shop.guest(MUG=1, CAP=1, TEA=1)
    shop.products.things["MUG"].sellable = False
    del shop.products.things["CAP"]
    cart = await shop.cart(who)
    shown = {item["sku"]: (item["name"], item["available"], item["unit_price"]) for item in cart["items"]}
    assert shown == {
        "MUG": ("Mug", 0, None),
        "CAP": (None, 0, None),
        "TEA": ("Tea", 10, {"amount": 499, "currency": "EUR"}),
    }
    assert cart["subtotal"]["amount"] == 499


async def test_only_what_is_for_sale_can_be_added(shop: Shop) -> None:
    shop.products.things["CAP"].sellable = False
    refused = await shop.add({}, "CAP")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_for_sale")
    unknown = await shop.add({}, "GHOST")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_variant")
    assert unknown.json()["errors"][0]["pointer"] == "/sku"
    by_id = await shop.client.post("/cart", json={"variant_id": str(new_id()), "quantity": 1})
    assert (by_id.status_code, by_id.json()["errors"][0]["pointer"]) == (422, "/variant_id")
    assert await shop.rows() == []


async def test_a_full_cart_takes_no_further_thing_but_more_of_the_same(shop: Shop) -> None:
    for number in range(101):
        shop.products.things[f"S{number}"] = Thing(f"S{number}", 100, "Sock", "Носок")
    who = await shop.guest(S0=1)
    cart_id = await shop.db.fetchval("SELECT id FROM carts")
    for number in range(1, 100):
        await shop.db.execute(
            "INSERT INTO cart_lines (cart_id, variant_id, sku, quantity) VALUES ($1, $2, $3, 1)",
            cart_id,
            variant(f"S{number}"),
            f"S{number}",
        )
    refused = await shop.add(who, "S100")
    assert (refused.status_code, refused.json()["code"]) == (409, "cart_full")
    assert (await shop.add(who, "S7", 4)).status_code == 201
    assert len(await shop.pieces(who)) == 100


async def test_if_match_refuses_a_change_of_what_one_has_not_seen(shop: Shop) -> None:
    who = await shop.guest(MUG=1)
    line = (await shop.cart(who))["items"][0]["id"]
    before = await shop.rows()
    stale = {**who, "if-match": '"7"'}
    answers = [
        await shop.add(stale, "CAP"),
        await shop.client.put(f"/cart/{line}", json={"quantity": 2}, headers=stale),
        await shop.client.delete(f"/cart/{line}", headers=stale),
        await shop.client.put("/cart", json={"note": "x"}, headers=stale),
        await shop.client.delete("/cart", headers=stale),
        await shop.add({"if-match": '"7"'}, "CAP"),
        await shop.add({**shop.customer(), "if-match": '"7"'}, "CAP"),
        await shop.add({**who, "if-match": "nonsense"}, "CAP"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (412, "precondition_failed")
    ] * 8
    assert await shop.rows() == before
    for tag, version in (('"1"', 2), ('"2"', 3), ("*", 4)):
        answer = await shop.client.put(
            f"/cart/{line}", json={"quantity": 2}, headers={**who, "if-match": tag}
        )
        assert answer.json()["version"] == version
    assert (await shop.add({**shop.customer(), "if-match": '"0"'}, "CAP")).status_code == 201


async def test_another_shoppers_lines_are_not_there(shop: Shop) -> None:
    anna, ben, guest = shop.customer(), shop.customer(new_id()), await shop.guest(TEA=4)
    line = (await shop.add(anna, "MUG", 2)).json()["items"][0]["id"]
    await shop.add(ben, "CAP")
    before = await shop.rows()
    for stranger in (ben, guest, {}):
        for answer in (
            await shop.client.put(f"/cart/{line}", json={"quantity": 9}, headers=stranger),
            await shop.client.delete(f"/cart/{line}", headers=stranger),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await shop.rows() == before


async def test_a_bad_token_is_refused_not_ignored(shop: Shop) -> None:
    wrong_audience = shop.identities.customer_headers("orders", shop.anna)
    for headers in (wrong_audience, {"authorization": "Bearer x"}, {"authorization": "Basic YTpi"}):
        answer = await shop.client.get("/cart", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_create_and_add_is_one_question_and_one_statement(shop: Shop) -> None:
    asked: list[str] = []
    connection = await shop.db.pool.acquire()
    connection.add_query_logger(lambda query: asked.append(query.query))
    await shop.db.pool.release(connection)
    answer: httpx2.Response = await shop.add({}, "MUG")
    assert answer.status_code == 201
    assert len(shop.products.requests) == 1
    assert len(asked) == 1
