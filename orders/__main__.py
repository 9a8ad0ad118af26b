"""`python -m orders`: serves on `ORDERS_HOST`:`ORDERS_PORT` until told to stop."""

import uvicorn

from orders.settings import Settings


def main() -> None:
    """Serves until SIGINT or SIGTERM; requests under way are answered first."""
    settings = Settings.load()
    uvicorn.run(
        "orders.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
    )


if __name__ == "__main__":
    main()
