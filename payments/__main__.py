"""`python -m payments`: the service on its own address."""

import uvicorn

from payments.main import create_app
from payments.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )
