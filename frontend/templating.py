"""Jinja2 with everything on the safe side: escaping always, undefined names fail, one environment per language."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.languages import LOCALES
from chassis.schemas import MoneyOut
from frontend import formats
from frontend.assets import Assets
from frontend.language import NAMES, words
from frontend.movements import movement_label
from frontend.settings import Settings
from frontend.statuses import status_label, status_tone

FOLDER = Path(__file__).parent / "templates"


class Templates:
    """The templates, compiled once per language."""

    def __init__(self, settings: Settings, assets: Assets) -> None:
        self._environments: dict[str, Environment] = {
            locale: _environment(locale, settings, assets) for locale in LOCALES
        }

    def page(self, name: str, locale: str, context: dict[str, Any]) -> str:
        """The whole document."""
        return self._environments[locale].get_template(name).render(context)


def _environment(locale: str, settings: Settings, assets: Assets) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.environment == "development",
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = words(locale)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # from the extension
    environment.filters |= _filters(locale, catalogue.gettext)
    environment.globals |= {
        "asset": assets.url,
        "has_asset": assets.has,
        "shop_name": settings.shop_name,
        "locale": locale,
        "language_names": NAMES,
    }
    return environment


def _filters(locale: str, translate: Callable[[str], str]) -> dict[str, Callable[..., Any]]:
    def money(value: MoneyOut) -> str:
        return formats.money(value, locale)

    def day(at: datetime) -> str:
        return formats.day(at, locale)

    def moment(at: datetime) -> str:
        return formats.moment(at, locale)

    return {
        "money": money,
        "day": day,
        "moment": moment,
        "status": partial(status_label, translate),
        "tone": status_tone,
        "movement": partial(movement_label, translate),
    }
