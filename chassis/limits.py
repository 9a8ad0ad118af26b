"""The door: how much of a request is read at all."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import TooLarge
from chassis.problems import as_response

BODY_LIMIT = 256 * 1024


class BodyLimitMiddleware:
    """Answers 413 as soon as a body is, or says it is, longer than `limit` bytes; chunked bodies too.

    `larger`: path prefix → another limit, for uploads.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int = BODY_LIMIT, larger: dict[str, int] | None = None
    ) -> None:
        self.app = app
        self.limit = limit
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = next(
            (size for prefix, size in self.larger.items() if scope["path"].startswith(prefix)), self.limit
        )
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not said.isdigit() or int(said[:20]) > limit:
            await as_response(TooLarge(), instance=scope["path"])(scope, receive, send)
            return
        read = 0

        async def _counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise TooLarge
            return message

        await self.app(scope, _counted, send)
