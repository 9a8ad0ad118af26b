"""`python -m frontend`: the gateway on its host and port, until told to stop."""

import uvicorn

from frontend.settings import Settings


def main() -> None:
    """Serves until a signal ends it."""
    settings = Settings.load()
    uvicorn.run(
        "frontend.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
    )


if __name__ == "__main__":
    main()
