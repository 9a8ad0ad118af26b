"""What orders and the gateway do with carts."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from chassis.ids import new_id
from tests.services.cart.conftest import Shop
from tests.services.cart.products_beside import variant


async def _merge(
    shop: Shop, secret: str, merge_id: UUID | None = None, customer: UUID | None = None
) -> httpx2.Response:
    body = {"cart_token": secret, "customer_id": str(customer or shop.anna)}
    return await shop.client.put(
        f"/internal/merges/{merge_id or new_id()}", json=body, headers=shop.as_service("frontend")
    )


async def _ordered(shop: Shop, cart_id: str, order_id: UUID | None = None, **skus: int) -> httpx2.Response:
    lines = [{"variant_id": str(variant(sku)), "quantity": quantity} for sku, quantity in skus.items()]
    return await shop.client.put(
        f"/internal/ordered/{order_id or new_id()}",
        json={"cart_id": cart_id, "lines": lines},
        headers=shop.as_service("orders"),
    )


async def _read(shop: Shop, cart_id: str, **proof: str) -> httpx2.Response:
    headers = {name.replace("_", "-"): value for name, value in proof.items()}
    return await shop.client.get(
        f"/internal/carts/{cart_id}", headers={**shop.as_service("orders"), **headers}
    )


async def test_a_cart_is_read_with_its_shoppers_proof_only(shop: Shop) -> None:
    guest, other = await shop.guest(MUG=2, CAP=1), await shop.guest(TEA=1)
    guests = (await shop.client.put("/cart", json={"note": "Hello"}, headers=guest)).json()["id"]
    annas = (await shop.add(shop.customer(), "TEA", 3)).json()["id"]
    asked = len(shop.products.requests)
    found = await _read(shop, guests, x_cart_token=guest["x-cart-token"])
    assert found.json() == {
        "id": guests,
        "version": 3,
        "customer_id": None,
        "items": [
            {"variant_id": str(variant("MUG")), "sku": "MUG", "quantity": 2},
            {"variant_id": str(variant("CAP")), "sku": "CAP", "quantity": 1},
        ],
        "note": "Hello",
    }
    assert (await _read(shop, annas, x_customer_id=str(shop.anna))).json()["customer_id"] == str(shop.anna)
    for cart_id, proof in (
        (guests, {}),
        (guests, {"x_cart_token": other["x-cart-token"]}),
        (guests, {"x_customer_id": str(shop.anna)}),
        (annas, {"x_cart_token": guest["x-cart-token"]}),
        (annas, {"x_customer_id": str(new_id())}),
        (annas, {}),
        (str(new_id()), {"x_customer_id": str(shop.anna)}),
    ):
        answer = await _read(shop, cart_id, **proof)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await _read(shop, annas, x_customer_id="anna")).status_code == 422
    assert len(shop.products.requests) == asked


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/internal/carts/{id}", {"orders", "frontend"}),
        ("PUT", "/internal/ordered/{id}", {"orders"}),
        ("PUT", "/internal/merges/{id}", {"frontend"}),
    ],
)
async def test_only_the_services_named_may_call(
    shop: Shop, method: str, path: str, allowed: set[str]
) -> None:
    path = path.format(id=new_id())
    callers = {name: shop.as_service(name) for name in ("orders", "frontend", "payments", "products", "cart")}
    for name, headers in callers.items():
        answer = await shop.client.request(
            method, path, headers=headers, json={} if method == "PUT" else None
        )
        assert (answer.status_code == 403) == (name not in allowed), name
    for headers, status in (({}, 401), (shop.customer(), 403), (shop.identities.staff_headers("cart"), 403)):
        assert (await shop.client.request(method, path, headers=headers)).status_code == status


async def test_what_was_ordered_is_gone_and_what_came_meanwhile_stays(shop: Shop) -> None:
    who = await shop.guest(MUG=2, CAP=1, TEA=5)
    cart_id, order_id = (await shop.cart(who))["id"], new_id()
    await shop.client.put("/cart", json={"note": "Ring twice"}, headers=who)
    await shop.add(who, "MUG", 3)
    for _ in range(3):
        answer = await _ordered(shop, cart_id, order_id, MUG=2, CAP=1, TEA=9)
        assert (answer.status_code, answer.content) == (204, b"")
    cart = await shop.cart(who)
    assert {item["sku"]: item["quantity"] for item in cart["items"]} == {"MUG": 3}
    assert (cart["version"], cart["note"]) == (6, "")


async def test_an_order_that_names_a_variant_twice_takes_the_sum(shop: Shop) -> None:
    who = await shop.guest(MUG=5)
    line = {"variant_id": str(variant("MUG")), "quantity": 2}
    body = {"cart_id": (await shop.cart(who))["id"], "lines": [line, line]}
    path = f"/internal/ordered/{new_id()}"
    assert (await shop.client.put(path, json=body, headers=shop.as_service("orders"))).status_code == 204
    assert await shop.pieces(who) == {"MUG": 1}


async def test_the_same_order_with_other_lines_is_refused(shop: Shop) -> None:
    who = await shop.guest(MUG=5)
    cart_id, order_id = (await shop.cart(who))["id"], new_id()
    await _ordered(shop, cart_id, order_id, MUG=1)
    before = await shop.rows()
    answer = await _ordered(shop, cart_id, order_id, MUG=2)
    assert (answer.status_code, answer.json()["code"]) == (422, "id_reused")
    assert await shop.rows() == before


async def test_a_cart_that_is_gone_has_nothing_to_take_out(shop: Shop) -> None:
    assert (await _ordered(shop, str(new_id()), MUG=1)).status_code == 204


async def test_an_order_of_a_cart_that_was_merged_is_taken_out_of_the_customers(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    cart_id = (await shop.cart(who))["id"]
    await shop.add(shop.customer(), "MUG", 1)
    await _merge(shop, who["x-cart-token"])
    assert (await _ordered(shop, cart_id, MUG=2)).status_code == 204
    assert await shop.pieces(shop.customer()) == {"MUG": 1}


async def test_a_merge_moves_everything_and_the_secret_opens_nothing(shop: Shop) -> None:
    who = await shop.guest(MUG=2, CAP=998)
    guests = await shop.cart(who)
    await shop.client.put("/cart", json={"note": "Ring twice"}, headers=who)
    annas = (await shop.add(shop.customer(), "CAP", 5)).json()
    answer = await _merge(shop, who["x-cart-token"])
    assert answer.status_code == 200
    assert answer.json() == {
        "cart_id": annas["id"],
        "merged": [
            {"variant_id": str(variant("MUG")), "sku": "MUG", "quantity": 2, "in_cart": 2},
            {"variant_id": str(variant("CAP")), "sku": "CAP", "quantity": 994, "in_cart": 999},
        ],
    }
    cart = await shop.cart(shop.customer())
    assert (cart["version"], cart["note"]) == (2, "Ring twice")
    assert await shop.pieces(shop.customer()) == {"CAP": 999, "MUG": 2}
    assert (await shop.cart(who))["id"] is None
    assert (await _read(shop, guests["id"], x_cart_token=who["x-cart-token"])).status_code == 404
    line = guests["items"][0]["id"]
    assert (await shop.client.put(f"/cart/{line}", json={"quantity": 1}, headers=who)).status_code == 404


async def test_a_customers_own_note_survives_a_merge(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    await shop.client.put("/cart", json={"note": "guest's"}, headers=who)
    await shop.add(shop.customer(), "CAP")
    await shop.client.put("/cart", json={"note": "anna's"}, headers=shop.customer())
    await _merge(shop, who["x-cart-token"])
    assert (await shop.cart(shop.customer()))["note"] == "anna's"


async def test_a_repeated_merge_answers_the_recorded_receipt(shop: Shop) -> None:
    who, merge_id = await shop.guest(MUG=2), new_id()
    first = await _merge(shop, who["x-cart-token"], merge_id)
    await shop.client.delete("/cart", headers=shop.customer())
    before = await shop.rows()
    assert (await _merge(shop, who["x-cart-token"], merge_id)).json() == first.json()
    assert len(first.json()["merged"]) == 1
    reused = await _merge(shop, "another-secret", merge_id)
    assert (reused.status_code, reused.json()["code"]) == (422, "id_reused")
    other = await _merge(shop, who["x-cart-token"], merge_id, customer=new_id())
    assert (other.status_code, other.json()["code"]) == (422, "id_reused")
    assert await shop.rows() == before


async def test_another_merge_of_a_merged_cart_moves_nothing(shop: Shop) -> None:
    who, thief = await shop.guest(MUG=2), new_id()
    await _merge(shop, who["x-cart-token"])
    before = await shop.rows()
    again: dict[str, Any] = (await _merge(shop, who["x-cart-token"])).json()
    assert again == {"cart_id": (await shop.cart(shop.customer()))["id"], "merged": []}
    assert (await _merge(shop, who["x-cart-token"], customer=thief)).json() == {"cart_id": None, "merged": []}
    assert await shop.rows() == before


async def test_a_secret_that_opens_nothing_merges_nothing(shop: Shop) -> None:
    answer = await _merge(shop, "a-secret-of-a-cart-that-was-swept")
    assert answer.json() == {"cart_id": None, "merged": []}
    assert await shop.rows() == []


async def test_no_secret_is_stored_by_a_merge(shop: Shop) -> None:
    who = await shop.guest(MUG=2)
    await _merge(shop, who["x-cart-token"])
    stored = str([tuple(row) for row in await shop.db.fetch("SELECT * FROM merges")])
    assert who["x-cart-token"] not in stored
