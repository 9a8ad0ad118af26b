"""Order confirmations: kept or sent, once, in the order's language, with a guest's link and without its secret at rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import aiosmtplib
import pytest
from aiosmtpd.controller import Controller

from chassis import queue
from chassis.queue import QueueWorker
from orders.notifications.post import post
from orders.workers import working
from tests.services.orders.conftest import MakeWorld
from tests.services.orders.world import World


async def until(holds: Callable[[], Awaitable[Any]]) -> Any:
    """What `holds` gives as soon as it is true."""
    async with asyncio.timeout(20):
        while not (found := await holds()):
            await asyncio.sleep(0.05)
    return found


async def mails(world: World) -> list[dict[str, Any]]:
    answer = await world.client.get("/mails", headers=world.staff)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_without_a_mail_server_the_mail_is_kept_for_staff(world: World) -> None:
    order = await world.paid()
    async with working(world.shop):
        (mail,) = await until(lambda: mails(world))
    assert (mail["state"], mail["recipient"], mail["sent_at"]) == ("kept", "guest@example.com", None)
    assert mail["subject"] == f"Your order {order['number']} is confirmed"
    token = world.shop.tokens.token(UUID(order["id"]))
    link = f"http://localhost:8000/orders/{order['id']}?token={token}"
    assert link in mail["text"]
    assert link in mail["html"]
    assert "2 x Mug   €30.00" in mail["text"]
    assert "Total:     €34.90, of which tax €5.57" in mail["text"]
    assert token not in str(await world.sql("SELECT * FROM mails")), "the secret is not at rest"
    assert token not in str(await world.sql("SELECT * FROM pgqueuer"))
    assert token not in str(await world.sql("SELECT * FROM pgqueuer_log"))


async def test_a_russian_customer_gets_russian_mail_without_a_secret(world: World) -> None:
    cart_id = world.fill(customer=world.anna, TEE=1)
    order = await world.paid(cart_id=cart_id, who={**world.customer(), "accept-language": "ru-RU,en;q=0.5"})
    await post(world.shop, {"order_id": order["id"], "kind": "order_confirmed"})
    (mail,) = await mails(world)
    assert mail["subject"] == f"Ваш заказ {order['number']} подтверждён"
    assert "1 × Tee (ru) (Size: M)   25,00" in mail["text"]
    assert "?token=" not in mail["text"]
    assert '<html lang="ru">' in mail["html"]


async def test_what_shoppers_write_is_text_in_mail(world: World) -> None:
    world.products.named("MUG")["name"] = "<script>x</script>{{7*7}}"
    order = await world.paid()
    await post(world.shop, {"order_id": order["id"], "kind": "order_confirmed"})
    (mail,) = await mails(world)
    assert "<script>" not in mail["html"]
    assert "{{7*7}}" in mail["html"]


async def test_a_repeated_job_writes_one_mail(world: World) -> None:
    order = await world.paid()
    for _ in range(3):
        await post(world.shop, {"order_id": order["id"], "kind": "order_confirmed"})
    assert len(await mails(world)) == 1


class Mailbox:
    """Takes mail; refuses the first `refusals` of it."""

    def __init__(self) -> None:
        self.refusals = 0
        self.got: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 try again later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        return "250 taken"


@asynccontextmanager
async def mail_server(mailbox: Mailbox, port: int) -> AsyncIterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    await asyncio.to_thread(controller.start)
    try:
        yield
    finally:
        await asyncio.to_thread(controller.stop)


async def test_mail_is_sent_and_tried_again(make_world: MakeWorld, free_port: int) -> None:
    world = await make_world(smtp_host="127.0.0.1", smtp_port=free_port)
    order = await world.paid()
    mailbox = Mailbox()
    mailbox.refusals = 1
    async with mail_server(mailbox, free_port):
        with pytest.raises(aiosmtplib.SMTPException):
            await post(world.shop, {"order_id": order["id"], "kind": "order_confirmed"})
        assert [mail["state"] for mail in await mails(world)] == ["sending"]
        async with working(world.shop):
            await until(lambda: _sent(world))
    (message,) = mailbox.got
    assert message["To"] == "guest@example.com"
    assert message["Message-ID"].endswith("@localhost>")
    body = message.get_body(("plain",))
    assert body is not None
    assert world.shop.tokens.token(UUID(order["id"])) in body.get_content().replace("=\n", "")


async def _sent(world: World) -> bool:
    return [mail["state"] for mail in await mails(world)] == ["sent"]


async def test_a_job_is_there_when_its_transaction_commits_and_only_then(world: World) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone):
        async with world.shop.db.transaction() as connection:
            await queue.enqueue(connection, "note", {"n": 1})
            raise Undone
    assert await world.one("SELECT count(*) FROM pgqueuer") == 0
    for number in (2, 3):
        async with world.shop.db.transaction() as connection:
            await queue.enqueue(connection, "note", {"n": number}, key="same")
    assert await world.one("SELECT count(*) FROM pgqueuer") == 1
    done: list[dict[str, Any]] = []

    async def _note(payload: dict[str, Any]) -> None:
        done.append(payload)
        if len(done) == 1:
            raise RuntimeError("not the first time")

    async def _twice() -> bool:
        return len(done) == 2

    async with QueueWorker(world.database.app, {"note": _note}):
        await until(_twice)
    assert done == [{"n": 2}, {"n": 2}]


async def test_the_job_of_a_dead_worker_is_taken_over_in_seconds(world: World) -> None:
    async with world.shop.db.transaction() as connection:
        await queue.enqueue(connection, "note", {"n": 1})
    await world.sql(
        "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), heartbeat = now() - interval '6 s'"
    )
    done = asyncio.Event()

    async def _note(_: dict[str, Any]) -> None:
        done.set()

    async with QueueWorker(world.database.app, {"note": _note}), asyncio.timeout(8):
        await done.wait()


async def test_readiness_names_its_checks(world: World) -> None:
    answer = await world.client.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.json()["checks"]["migrations"] == "0002"
