"""The environment of each process: everything it needs to know, nothing else of ours."""

import os
from pathlib import Path

from suite.plan import Database, Plan

WEBHOOK_SECRET = "PAYMENTS_STRIPE_WEBHOOK_SECRETS,SANDBOX_WEBHOOK_SECRET"  # noqa: S105  # its names, not the secret
SANDBOX_KEY = "sk_test_sandbox"


def base_environment() -> dict[str, str]:
    """What every Python child gets: our own environment, unbuffered logs, few memory arenas."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}


def service_environment(name: str, plan: Plan, database: Database | None) -> dict[str, str]:
    """The variables of the service `name`; `database` is the server its database is on."""
    prefix = name.upper()
    values = {
        "ENVIRONMENT": "development",
        "HOST": plan.host,
        "PORT": str(plan.ports[name]),
        "PUBLIC_ORIGIN": plan.browser_address("sandbox" if name == "sandbox" else "frontend"),
        **{f"{other.upper()}_URL": plan.internal_address(other) for other in plan.ports if other != name},
    }
    if database is not None:
        values |= {
            "DATABASE_URL": database.url(role=f"{name}_app", database=name),
            "ENV_FILE": str(plan.secrets / f"{name}.env"),
            "TRUSTED_KEYS_FILE": str(plan.secrets / "trusted.json"),
            "PEOPLE_JWKS_URL": f"{plan.internal_address('frontend')}/.well-known/jwks.json",
        }
    if name == "frontend":
        values["DOCS_ORIGINS"] = ",".join(
            plan.browser_address(other) for other in plan.databases() if other != name
        )
    values |= _sandbox_environment(name, plan)
    return {**base_environment(), **{f"{prefix}_{key}": value for key, value in values.items()}}


def _sandbox_environment(name: str, plan: Plan) -> dict[str, str]:
    """The two ends of the pretended payment provider; nothing when it does not run, then payments' own environment counts."""
    if not plan.has("sandbox"):
        return {}
    match name:
        case "sandbox":
            return {
                "DATABASE_FILE": str(plan.data / "sandbox" / "sandbox.sqlite3"),
                "API_KEY": SANDBOX_KEY,
                "SHOP_NAME": "Polka",
                "WEBHOOK_URL": f"{plan.internal_address('payments')}/webhooks/stripe",
                "ENV_FILE": str(plan.secrets / "sandbox.env"),
            }
        case "payments":
            return {
                "STRIPE_API_KEY": SANDBOX_KEY,
                "STRIPE_API_BASE": plan.internal_address("sandbox"),
            }
        case "frontend":
            return {"PAYMENT_ORIGINS": plan.browser_address("sandbox")}
        case _:
            return {}


def owner_environment(name: str, plan: Plan, database: Database) -> dict[str, str]:
    """The variables of the service's migration step, which works as the owner of its database."""
    prefix = name.upper()
    return {
        **service_environment(name, plan, database),
        f"{prefix}_OWNER_DATABASE_URL": database.url(role=f"{name}_owner", database=name),
        f"{prefix}_OWNER_ENV_FILE": str(plan.secrets / f"{name}.owner.env"),
    }


def administrator_environment(plan: Plan, database: Database, *, programs: Path) -> dict[str, str]:
    """The variables of the init scripts: `psql` from `programs`, connected as the administrator of the server."""
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGDATABASE": database.name,
        "SECRETS_DIR": str(plan.secrets),
    }
