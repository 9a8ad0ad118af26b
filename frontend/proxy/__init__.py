"""The public door for programs: the four services' APIs and documentation on our one origin, without cookies."""

from fastapi import FastAPI

from frontend.proxy import documentation, forwarding
from frontend.settings import Settings


def install(app: FastAPI, settings: Settings) -> None:
    """`/api/…`, `/products` for programs, `/media/…`, `/docs` and the specifications are served."""
    documentation.install(app, settings)
    app.include_router(forwarding.router)
