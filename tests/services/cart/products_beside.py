"""A products service with behaviour: sells a few things, and can be slow, dead, or talk nonsense."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import httpx2
import orjson

NAMESPACE = UUID("6f0b6ec6-4d0a-4f0e-9b67-5a3fb0a1e6aa")


@dataclass
class Thing:
    """A variant as products knows it."""

    sku: str
    amount: int
    name: str
    name_ru: str
    available: int = 10
    backorder: bool = False
    sellable: bool = True
    compare_at: int | None = None
    image: dict[str, Any] | None = None
    currency: str = "EUR"

    @property
    def variant_id(self) -> UUID:
        return variant(self.sku)

    def offer(self, *, language: str) -> dict[str, Any]:
        """What products answers of it."""
        return {
            "variant_id": str(self.variant_id),
            "sku": self.sku,
            "product_id": str(uuid5(self.variant_id, "product")),
            "slug": self.name.lower(),
            "name": self.name_ru if language.startswith("ru") else self.name,
            "options": {"Colour": "Blue"},
            "price": {"amount": self.amount, "currency": self.currency},
            "compare_at": {"amount": self.compare_at, "currency": self.currency} if self.compare_at else None,
            "available": self.available,
            "backorder": self.backorder,
            "image": self.image,
            "sellable": self.sellable,
            "version": 1,
        }


def variant(sku: str) -> UUID:
    """The id of the variant that is called `sku`."""
    return uuid5(NAMESPACE, sku)


@dataclass
class ProductsBeside:
    """`things` by sku; `answer` replaces whatever it would have said; `pause` seconds before it says it."""

    things: dict[str, Thing] = field(default_factory=dict)
    answer: httpx2.Response | Exception | None = None
    pause: float = 0.0
    requests: list[httpx2.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        for thing in (
            Thing("MUG", 1250, "Mug", "Кружка", compare_at=1500),
            Thing(
                "CAP",
                1999,
                "Cap",
                "Кепка",
                image={"url": "/cap.webp", "alt": "A cap", "width": 8, "height": 6},
            ),
            Thing("TEA", 499, "Tea", "Чай"),
        ):
            self.things[thing.sku] = thing

    def transport(self) -> httpx2.MockTransport:
        """The way to it."""
        return httpx2.MockTransport(self._handle)

    def say(self, answer: httpx2.Response | Exception) -> None:
        """From now on it answers this, whatever is asked."""
        self.answer = answer

    async def _handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        await asyncio.sleep(self.pause)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is not None:
            return httpx2.Response(self.answer.status_code, content=self.answer.content)
        assert (request.method, request.url.path) == ("POST", "/internal/prices")
        assert request.headers["authorization"].startswith("Bearer ")
        asked = orjson.loads(request.content)
        assert asked["currency"] == "EUR"
        known, unknown = [], []
        for item in asked["items"]:
            thing = self._find(item)
            if thing is None:
                unknown.append(item.get("sku") or item["variant_id"])
            else:
                known.append(thing.offer(language=request.headers.get("accept-language", "en")))
        return httpx2.Response(200, json={"items": known, "unknown": unknown})

    def _find(self, item: dict[str, str]) -> Thing | None:
        if "sku" in item:
            return self.things.get(item["sku"])
        return next(
            (thing for thing in self.things.values() if str(thing.variant_id) == item["variant_id"]), None
        )
