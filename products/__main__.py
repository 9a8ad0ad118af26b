"""`python -m products`: serves on `PRODUCTS_HOST`:`PRODUCTS_PORT` until told to stop."""

import uvicorn

from products.settings import Settings


def main() -> None:
    """Serves until SIGINT or SIGTERM; requests under way are answered first."""
    settings = Settings.load()
    uvicorn.run(
        "products.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
    )


if __name__ == "__main__":
    main()
