"""Sends a mail about an order, as a job: at least once, and with one id, so that mailboxes see one."""

from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from uuid import UUID

import aiosmtplib
import asyncpg

from chassis.telemetry import log
from orders.lifecycle.queries import reading
from orders.lifecycle.queries.reading import Viewer
from orders.lifecycle.view import order_out
from orders.notifications import queries
from orders.notifications.render import with_secret, write
from orders.settings import Settings
from orders.shop import Shop

SMTP_SECONDS = 20


async def post(shop: Shop, job: dict[str, Any]) -> None:
    """The mail `kind` about `order_id` is sent, or kept for staff when there is no mail server.

    Raises aiosmtplib.SMTPException or OSError while the server does not take it: the job is tried again.
    """
    order_id, kind = UUID(job["order_id"]), str(job["kind"])
    row = await reading.read(shop.db, order_id, Viewer(staff=True))
    if row is None:
        log.error("mail.order_unknown", order_id=order_id)
        return
    order = order_out(row, staff=False)
    written = write(kind, order, origin=shop.settings.public_origin)
    mail = await queries.keep(
        shop.db,
        order_id=order_id,
        kind=kind,
        recipient=order.email,
        locale=order.locale,
        subject=written.subject,
        text=written.text,
        html=written.html,
        to_send=bool(shop.settings.smtp_host),
    )
    if mail["state"] != "sending":
        return
    await _send(shop.settings, _message(shop, mail))
    await queries.sent(shop.db, mail["id"])
    log.info("mail.sent", order_id=order_id, kind=kind)


def _message(shop: Shop, mail: asyncpg.Record) -> EmailMessage:
    message = EmailMessage()
    message["From"] = shop.settings.mail_from
    message["To"] = mail["recipient"]
    message["Subject"] = mail["subject"]
    message["Date"] = formatdate(mail["created_at"].timestamp())
    message["Message-ID"] = f"<{mail['id']}@{shop.settings.public_origin.split('://')[-1].split(':')[0]}>"
    message["Content-Language"] = mail["locale"]
    message.set_content(with_secret(mail["text"], order_id=mail["order_id"], tokens=shop.tokens))
    html = with_secret(mail["html"], order_id=mail["order_id"], tokens=shop.tokens)
    message.add_alternative(html, subtype="html")
    return message


async def _send(settings: Settings, message: EmailMessage) -> None:
    await aiosmtplib.send(
        message,
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        start_tls=settings.smtp_start_tls,
        timeout=SMTP_SECONDS,
    )
