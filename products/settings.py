"""What the products service reads from its environment (`PRODUCTS_…`)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings

PICTURES = Path(__file__).parent / "demo" / "pictures"


class Settings(ServiceSettings):
    """The products service's settings."""

    model_config = SettingsConfigDict(env_prefix="PRODUCTS_", frozen=True, extra="ignore")

    port: int = Field(default=8004, ge=1, le=65535)
    pictures_folder: Path = PICTURES
    """What `/media/` serves. A file never changes under its name: clients keep it for a year."""

    longest_hold_seconds: int = Field(default=24 * 3600, gt=0)
    """No order may ask for a longer hold."""
    hold_grace_seconds: int = Field(default=15 * 60, ge=0)
    """A hold is swept this long after it expired, in case its order never comes back."""
    sweep_seconds: float = Field(default=5.0, gt=0)
    """Pause between two looks for overdue holds."""
