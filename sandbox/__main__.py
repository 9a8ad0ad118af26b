"""`python -m sandbox` serves the provider on the host and port of its settings."""

import uvicorn

from sandbox.main import create_app
from sandbox.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    uvicorn.run(
        create_app(settings), host=settings.host, port=settings.port, access_log=False, log_config=None
    )
