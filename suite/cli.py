"""The commands of `python -m suite`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import typer

from suite.display import Display
from suite.errors import SuiteError
from suite.plan import PORT_BASE, Database, Plan
from suite.processes import POSTGRES_OFFSET, ROOT, SERVICES

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Data = Annotated[
    Path,
    typer.Option(
        "--data", help="Folder of everything that is kept: database, secrets, logs.", envvar="SHOP_DATA"
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        help="An existing PostgreSQL 18, as its administrator: postgresql://user:password@host:port/postgres",
        envvar="SHOP_DATABASE_URL",
    ),
]
PortBase = Annotated[
    int,
    typer.Option(
        help="Ports: shop here, cart +1, orders +2, payments +3, products +4, sandbox +5, PostgreSQL +6.",
        min=1,
        max=65529,
    ),
]
Port = Annotated[int | None, typer.Option(min=1, max=65535, show_default="from --port-base")]
DATA = ROOT / ".data"


@app.command()
def up(
    data: Data = DATA,
    port_base: PortBase = PORT_BASE,
    frontend_port: Port = None,
    cart_port: Port = None,
    orders_port: Port = None,
    payments_port: Port = None,
    products_port: Port = None,
    sandbox_port: Port = None,
    postgres_port: Port = None,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    public_origin: Annotated[
        str,
        typer.Option(
            help="The shop's address as browsers see it, when that is another: http://192.168.1.5:8000"
        ),
    ] = "",
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the demo catalogue and accounts.")
    ] = True,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox/--no-sandbox",
            help="Run the pretended payment provider; without it set PAYMENTS_STRIPE_API_KEY and its kin.",
        ),
    ] = True,
    database_url: DatabaseUrl = "",
    reset: Annotated[
        bool, typer.Option("--reset", help="Delete the data folder first. All data is lost.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before --reset.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show all log lines.")] = False,
) -> None:
    """Start the whole shop; Ctrl-C stops it."""
    from suite.tasks import reset_data
    from suite.up import up as run

    given = {
        "frontend": frontend_port,
        "cart": cart_port,
        "orders": orders_port,
        "payments": payments_port,
        "products": products_port,
        "sandbox": sandbox_port,
    }
    plan = Plan(
        data=data.absolute(),
        services=tuple(service for service in SERVICES if sandbox or service.name != "sandbox"),
        ports={service.name: given[service.name] or port_base + service.offset for service in SERVICES},
        host=host,
        public_origin=public_origin,
        database=_parse(database_url),
        postgres_port=postgres_port or port_base + POSTGRES_OFFSET,
        demo=demo,
    )
    display = Display(verbose=verbose)
    with _explained(display):
        if reset:
            if not yes:
                typer.confirm(f"Delete everything in {plan.data}?", abort=True)
            reset_data(plan)
        run(plan, display)


@app.command()
def accounts(data: Data = DATA) -> None:
    """Show the demo accounts and their passwords."""
    from suite.accounts import read_accounts

    plan = _plan(data)
    Display().accounts(read_accounts(plan.accounts), plan.accounts)


@app.command()
def create_staff(email: str, data: Data = DATA, database_url: DatabaseUrl = "") -> None:
    """Make a staff account and show its one-time password; the shop may be running or not."""
    from suite.tasks import create_staff as create

    with _explained(Display()) as display:
        create(email, _plan(data, database_url), display)


@app.command()
def seed(data: Data = DATA, database_url: DatabaseUrl = "") -> None:
    """Load the demo catalogue and accounts where they are missing; the shop may be running or not."""
    from suite.tasks import seed as load

    with _explained(Display()) as display:
        load(_plan(data, database_url), display)


@contextmanager
def _explained(display: Display) -> Iterator[Display]:
    """A SuiteError is shown as its sentence, and the exit code is 1."""
    try:
        yield display
    except SuiteError as error:
        display.error(error)
        raise typer.Exit(1) from error


def _plan(data: Path, database_url: str = "") -> Plan:
    """A plan with the usual ports, for commands that start no service."""
    return Plan(
        data=data.absolute(),
        services=SERVICES,
        ports={service.name: PORT_BASE + service.offset for service in SERVICES},
        database=_parse(database_url),
    )


def _parse(database_url: str) -> Database | None:
    """The administrator's address in a URL; None without one."""
    if not database_url:
        return None
    parts = urlsplit(database_url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname:
        raise typer.BadParameter(
            "wants postgresql://user:password@host:port/postgres", param_hint="--database-url"
        )
    return Database(
        host=parts.hostname,
        port=parts.port or 5432,
        user=unquote(parts.username or "postgres"),
        password=unquote(parts.password or ""),
        name=unquote(parts.path.lstrip("/")) or "postgres",
    )
