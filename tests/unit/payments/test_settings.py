"""Production starts with the real provider only."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from chassis.settings import UnsafeSettings
from payments.main import create_app
from payments.settings import Settings

GOOD: dict[str, Any] = {
    "environment": "production",
    "public_origin": "https://shop.example",
    "database_password": "a-long-database-password-1",
    "service_key": "a-long-service-key-that-is-not-read",
    "cursor_secret": "a-long-cursor-secret-12345",
    "stripe_api_base": "https://api.stripe.com",
    "stripe_api_key": "sk_live_0123456789abcdef0123",
    "stripe_webhook_secrets": "whsec_0123456789abcdef0123456789",
}


def test_the_real_provider_is_accepted() -> None:
    Settings(**GOOD).refuse_unsafe_production()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stripe_api_base": "http://127.0.0.1:8005"}, "stripe_api_base"),
        ({"stripe_api_base": "https://api.stripe.com.evil.example"}, "stripe_api_base"),
        ({"stripe_api_key": "sk_test_0123456789abcdef0123"}, "stripe_api_key"),
        ({"stripe_api_key": "sk_test_sandbox"}, "stripe_api_key"),
        ({"stripe_api_key": ""}, "stripe_api_key"),
        ({"stripe_webhook_secrets": "whsec_sandbox"}, "stripe_webhook_secrets"),
        ({"stripe_webhook_secrets": "whsec_0123456789abcdef0123456789,secret"}, "stripe_webhook_secrets"),
        ({"return_origins": "http://other.example"}, "return_origins"),
        ({"public_origin": "http://shop.example"}, "public_origin"),
        ({"cursor_secret": "changeme"}, "cursor_secret"),
    ],
)
def test_anything_less_is_refused_at_start(change: dict[str, Any], named: str) -> None:
    with pytest.raises(UnsafeSettings, match=named):
        create_app(Settings(**GOOD | change))


@pytest.mark.parametrize("secrets", ["", "a,b,c"])
def test_one_or_two_webhook_secrets(secrets: str) -> None:
    with pytest.raises(ValidationError):
        Settings(stripe_webhook_secrets=secrets)


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "payments.env"
    file.write_text("PAYMENTS_STRIPE_WEBHOOK_SECRETS='whsec_a,whsec_b'\n")
    monkeypatch.setenv("PAYMENTS_ENV_FILE", str(file))
    monkeypatch.setenv("PAYMENTS_RETURN_ORIGINS", "https://a.example/, https://b.example")
    settings = Settings.load()
    assert [secret.get_secret_value() for secret in settings.stripe_webhook_secrets] == ["whsec_a", "whsec_b"]
    assert settings.allowed_origins == {"http://localhost:8000", "https://a.example", "https://b.example"}


def test_secrets_are_not_shown() -> None:
    assert "sk_live" not in repr(Settings(**GOOD))
    assert "whsec_0123" not in repr(Settings(**GOOD))
