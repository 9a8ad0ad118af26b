"""`/docs`: Swagger UI from our own files, under a strict Content-Security-Policy, no CDN."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

FILES = Path(__file__).parent / "static" / "swagger-ui"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{files}/swagger-ui.css">
<link rel="icon" href="{files}/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{files}/swagger-ui-bundle.js"></script>
<script src="{files}/swagger-ui-standalone-preset.js"></script>
<script src="{page}/start.js"></script>
</body>
</html>
"""


def install(
    app: FastAPI, *, specifications: list[tuple[str, str]], token_origin: str, path: str = "/docs"
) -> None:
    """Serves the documentation page at `path`.

    `specifications`: (name, address of its openapi.json), the first one shown first; one or more.
    `token_origin`: the origin that *Authorize* fetches tokens from.
    """
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self' {token_origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    app.mount(f"{path}/files", StaticFiles(directory=FILES), name="docs-files")

    @app.get(path, include_in_schema=False)
    async def documentation(request: Request) -> Response:
        root = request.scope.get("root_path", "").rstrip("/")
        page = PAGE.format(title=f"{app.title}: API", files=f"{root}{path}/files", page=f"{root}{path}")
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    @app.get(f"{path}/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_start_script(specifications), media_type="text/javascript")


def _start_script(specifications: list[tuple[str, str]]) -> str:
    options: dict[str, Any] = {
        "dom_id": "#swagger-ui",
        "deepLinking": True,
        "displayRequestDuration": True,
        "tryItOutEnabled": True,
        "persistAuthorization": True,
        "validatorUrl": None,
        "docExpansion": "list",
        "defaultModelsExpandDepth": 0,
    }
    if len(specifications) == 1:
        options["url"] = specifications[0][1]
        layout = "BaseLayout"
    else:
        options["urls"] = [{"name": name, "url": url} for name, url in specifications]
        layout = "StandaloneLayout"
    presets = "SwaggerUIBundle.presets.apis" + (
        "" if layout == "BaseLayout" else ", SwaggerUIStandalonePreset"
    )
    return (
        f"const options = {json.dumps(options)};\n"
        f"options.presets = [{presets}];\noptions.layout = {json.dumps(layout)};\n"
        "window.ui = SwaggerUIBundle(options);\n"
    )
