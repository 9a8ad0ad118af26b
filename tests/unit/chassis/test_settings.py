"""Settings: read once, secrets kept out of sight, production refuses what is unsafe."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from chassis.errors import PreconditionFailed, PreconditionRequired
from chassis.etags import edited_version, etag, unchanged
from chassis.secrets import add_secret, write_secrets
from chassis.settings import ServiceSettings, UnsafeSettings


class TicketSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TICKETS_")


def test_environment_wins_over_the_file_and_the_password_stays_hidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_secrets(tmp_path, ["tickets"])
    monkeypatch.setenv("TICKETS_ENV_FILE", str(tmp_path / "tickets.env"))
    monkeypatch.setenv("TICKETS_DATABASE_URL", "postgresql://tickets_app@db:5432/tickets")
    monkeypatch.setenv("TICKETS_PORT", "9000")
    settings = TicketSettings.load()
    password = (tmp_path / "passwords" / "tickets_app").read_text()
    assert settings.port == 9000
    assert settings.database_dsn == f"postgresql://tickets_app:{password}@db:5432/tickets"
    assert password not in repr(settings)


def test_secrets_are_written_once_for_their_owner_only(tmp_path: Path) -> None:
    write_secrets(tmp_path, ["tickets"])
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    before = {file: file.read_text() for file in files}
    write_secrets(tmp_path, ["tickets"])
    assert {file: file.read_text() for file in files} == before
    secret = [file for file in files if file.name != "trusted.json"]
    assert {file.stat().st_mode & 0o777 for file in secret} == {0o600}
    assert len({before[file] for file in files}) == len(files)


def test_two_services_can_share_one_secret(tmp_path: Path) -> None:
    write_secrets(tmp_path, ["tickets"])
    for _ in range(2):
        add_secret(tmp_path, ["TICKETS_HOOK", "PSP_HOOK"])
    mine, theirs = (
        dict(line.split("=", 1) for line in (tmp_path / f"{name}.env").read_text().splitlines())
        for name in ("tickets", "psp")
    )
    assert len(mine["TICKETS_HOOK"]) > 40
    assert theirs == {"PSP_HOOK": mine["TICKETS_HOOK"]}
    assert "TICKETS_SERVICE_KEY" in mine


def test_production_refuses_missing_and_default_secrets() -> None:
    with pytest.raises(UnsafeSettings, match=r"cursor_secret.*service_key.*database_password.*https"):
        TicketSettings(environment="production").refuse_unsafe_production()
    TicketSettings(environment="development").refuse_unsafe_production()


def test_production_accepts_real_secrets() -> None:
    secret = "Xn2mX4qkQYrT0s4m3Wc8Zr1b"
    TicketSettings.model_validate(
        {
            "environment": "production",
            "cursor_secret": secret,
            "service_key": secret,
            "database_password": secret,
            "public_origin": "https://shop.example",
        }
    ).refuse_unsafe_production()


def test_tags_name_versions_and_only_the_version_is_compared_for_edits() -> None:
    assert etag(3, 17) == '"3.17"'
    assert unchanged('"3.17"', '"3.17"')
    assert unchanged('W/"3.17", "9"', '"3.17"')
    assert not unchanged('"3.16"', '"3.17"')
    assert not unchanged(None, '"3.17"')
    assert edited_version('"3.16"') == 3
    assert edited_version("*") is None
    with pytest.raises(PreconditionRequired):
        edited_version(None)
    for bad in ("3", '"x"', '"-1"', '""', '"' + "9" * 30 + '"'):
        with pytest.raises(PreconditionFailed):
            edited_version(bad)
