"""The metadata of this service's database. Only migrations import it: the running service writes SQL itself."""

from typing import Annotated
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, Text, text
from sqlalchemy.orm import mapped_column

from chassis.orm import Model, metadata


class Base(Model):
    """What every table of this service inherits."""

    __abstract__ = True
    metadata = metadata()


Amount = Annotated[int, mapped_column(BigInteger, server_default=text("0"), nullable=False)]
Currency = Annotated[str, mapped_column(CHAR(3), nullable=False)]
Attempts = Annotated[int, mapped_column(BigInteger, server_default=text("0"), nullable=False)]
OptionalText = Annotated[str | None, mapped_column(Text)]
OptionalId = Annotated[UUID | None, mapped_column()]
