"""Buys one thing through the addresses that everybody sees, and checks that stock and money agree afterwards.

`python -m suite.purchase` asks a shop on this machine (`--host`, `--port-base`). It needs nothing but the standard library.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"}
ADDRESS = {
    "name": "Anna Keller",
    "line1": "Torstraße 1",
    "city": "Berlin",
    "postal_code": "10119",
    "country": "DE",
}
PATIENCE_SECONDS = 30.0


class PurchaseFailed(RuntimeError):
    """The shop did not do what it must; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the services of a shop answer, as `http://host:port`."""

    host: str = "127.0.0.1"
    port_base: int = 8000
    sandbox_key: str = "sk_test_sandbox"

    def address(self, offset: int) -> str:
        return f"http://{self.host}:{self.port_base + offset}"


def ask(
    method: str, url: str, *, body: object = None, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    """(status, parsed JSON or None, headers with names in lower case) of one request; follows no redirect."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None
    if body is not None:
        data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    elif form is not None:
        data, sent["Content-Type"] = (
            urllib.parse.urlencode(form).encode(),
            "application/x-www-form-urlencoded",
        )
    request = urllib.request.Request(url, data, {"Accept": "application/json", **sent}, method=method)  # noqa: S310  # our own shop's addresses
    try:
        with _OPENER.open(request, timeout=15) as answer:
            return answer.status, _parsed(answer), {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as answer:
        return answer.code, _parsed(answer), {k.lower(): v for k, v in answer.headers.items()}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _parsed(answer: Any) -> Any:
    text = answer.read()
    return json.loads(text) if "json" in answer.headers.get("Content-Type", "") and text else None


def _must(answered: tuple[int, Any, dict[str, str]], status: int, what: str) -> tuple[Any, dict[str, str]]:
    if answered[0] != status:
        raise PurchaseFailed(f"{what}: answered {answered[0]} instead of {status}: {answered[1]}")
    return answered[1], answered[2]


def buy(shop: Shop) -> dict[str, Any]:
    """The paid order of one unit, as its guest buyer sees it. Raises PurchaseFailed."""
    gateway, cart, orders, payments = (shop.address(offset) for offset in (0, 1, 2, 3))
    page, _ = _must(ask("GET", f"{gateway}/products?in_stock=true&limit=20"), 200, "list of products")
    item = next(item for item in page["items"] if item["available"] > 2)
    product, _ = _must(ask("GET", f"{gateway}/products/{item['id']}"), 200, "product")
    variant = next(variant for variant in product["variants"] if variant["available"] > 0)

    filled, said = _must(
        ask("POST", f"{cart}/cart", body={"sku": variant["sku"], "quantity": 1}), 201, "add to cart"
    )
    token = said["x-cart-token"]
    quote, _ = _must(
        ask(
            "POST",
            f"{orders}/quotes",
            body={"lines": [{"sku": variant["sku"], "quantity": 1}], "country": "DE"},
        ),
        200,
        "quote",
    )
    method = quote["shipping_methods"][0]["code"]
    wanted = {
        "cart_id": filled["id"],
        "email": "buyer@example.com",
        "shipping_address": ADDRESS,
        "shipping_method": method,
        "payment_method": "card",
    }
    order, _ = _must(ask("POST", f"{orders}/orders", body=wanted, X_Cart_Token=token), 201, "order")
    _pay(order["payment"]["redirect_url"])
    paid = _until_paid(f"{orders}/orders/{order['id']}", order["order_token"])
    _check_stock(gateway, product["id"], variant)
    _check_money(shop, payments, paid, order["order_token"])
    return paid


def _pay(page: str) -> None:
    status, _, headers = ask("POST", page, form=CARD)
    if status != 303:
        raise PurchaseFailed(f"the payment page answered {status} to a good card")
    if "location" not in headers:
        raise PurchaseFailed("the payment page did not lead back to the shop")


def _until_paid(address: str, token: str) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        order, _ = _must(ask("GET", address, X_Order_Token=token), 200, "order")
        if order["payment_status"] == "paid":
            seen: dict[str, Any] = order
            return seen
        if time.monotonic() > end:
            raise PurchaseFailed(
                f"not paid after {PATIENCE_SECONDS:.0f} s: {order['status']} {order['payment_status']}"
            )
        time.sleep(0.3)


def _check_stock(gateway: str, product_id: str, before: dict[str, Any]) -> None:
    product, _ = _must(ask("GET", f"{gateway}/products/{product_id}"), 200, "product")
    after = next(variant for variant in product["variants"] if variant["sku"] == before["sku"])
    if after["available"] != before["available"] - 1:
        raise PurchaseFailed(
            f"{before['sku']}: {before['available']} available before, {after['available']} after"
        )


def _check_money(shop: Shop, payments: str, order: dict[str, Any], token: str) -> None:
    found, _ = _must(ask("GET", f"{payments}/payments", X_Order_Token=token), 200, "payments")
    captured = [payment["captured"] for payment in found["items"]]
    total = order["total"]
    if captured != [total]:
        raise PurchaseFailed(f"the order costs {total}, payments captured {captured}")
    ledger, _ = _must(
        ask("GET", f"{shop.address(5)}/sandbox/ledger", Authorization=f"Bearer {shop.sandbox_key}"),
        200,
        "ledger",
    )
    intents = [intent for intent in ledger["intents"] if intent["metadata"].get("order_id") == order["id"]]
    received = [intent["amount_received"] for intent in intents if intent["status"] == "succeeded"]
    if received != [total["amount"]]:
        raise PurchaseFailed(f"the order costs {total}, the provider received {received}")


def main() -> None:
    """The command line: exit code 0 when the purchase and the sums are right."""
    parser = argparse.ArgumentParser(prog="python -m suite.purchase", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port-base", type=int, default=8000)
    given = parser.parse_args()
    started = time.monotonic()
    try:
        order = buy(Shop(given.host, given.port_base))
    except (PurchaseFailed, urllib.error.URLError, KeyError, StopIteration) as error:
        sys.exit(f"purchase failed: {error!r}")
    total = order["total"]
    print(
        f"bought {order['number']}: {total['amount']} {total['currency']} paid, {time.monotonic() - started:.1f} s"
    )


if __name__ == "__main__":
    main()
