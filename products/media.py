"""`/media/…`: pictures, which never change under their name."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class _Pictures(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


def install(app: FastAPI, folder: Path) -> None:
    """Files of `folder` are served under `/media/`; a missing folder is an empty one."""
    options: dict[str, Any] = {"check_dir": False}
    app.mount("/media", _Pictures(directory=folder, **options), name="media")
