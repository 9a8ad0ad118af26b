"""Time-ordered identifiers (UUIDv7, RFC 9562 §5.7)."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: unique, and later ids sort after earlier ones to the millisecond."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
