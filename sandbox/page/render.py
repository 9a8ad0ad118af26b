"""Templates to answers: escaped, never cached, with a policy that allows our stylesheet and nothing else."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from sandbox.page.models import BankPage, Notice, PaymentPage
from sandbox.page.words import Words

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    version = hashlib.sha256((STATIC / "page.css").read_bytes()).hexdigest()[:12]
    environment.globals["stylesheet"] = f"/assets/page.css?v={version}"
    return environment


def html(
    template: str,
    page: PaymentPage | BankPage | Notice,
    words: Words,
    *,
    leads_to: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page. `leads_to` is where its form may redirect: browsers check that against the policy too."""
    content = _templates().get_template(template).render(page=page, words=words)
    return HTMLResponse(
        content,
        status,
        headers={
            "Cache-Control": "no-store",
            "Content-Language": words.language,
            "Content-Security-Policy": _policy(leads_to),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _policy(leads_to: str | None) -> str:
    target = ""
    if leads_to is not None:
        parts = urlsplit(leads_to)
        target = f" {parts.scheme}://{parts.netloc}"
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self'{target}"
    )
