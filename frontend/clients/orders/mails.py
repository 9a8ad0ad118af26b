"""Mail that was kept because no mail server is set."""

from datetime import datetime
from uuid import UUID

from frontend.clients.asking import Shape


class Mail(Shape):
    """A mail that was not sent but kept."""

    id: UUID
    recipient: str
    subject: str
    text: str
    created_at: datetime


class MailList(Shape):
    """One page of kept mails, newest first."""

    items: list[Mail]
    next_cursor: str | None
