"""Cursors: opaque, signed, bound to their list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.pagination import Cursors, InvalidCursor

CURSORS = Cursors("a secret of this test")
POSITION = [1999, "0199c0ff-ee00-7000-b000-000000000000"]


def test_a_cursor_says_where_it_was() -> None:
    cursor = CURSORS.encode(["products", "price"], POSITION)
    assert CURSORS.decode(["products", "price"], cursor, length=2) == POSITION


def test_a_cursor_of_another_list_or_secret_is_refused() -> None:
    cursor = CURSORS.encode(["products", "price"], POSITION)
    with pytest.raises(InvalidCursor):
        CURSORS.decode(["products", "name"], cursor, length=2)
    with pytest.raises(InvalidCursor):
        Cursors("another").decode(["products", "price"], cursor, length=2)
    with pytest.raises(InvalidCursor):
        CURSORS.decode(["products", "price"], cursor, length=3)


def test_every_changed_character_is_noticed() -> None:
    cursor = CURSORS.encode([], POSITION)
    for index, character in enumerate(cursor):
        changed = cursor[:index] + ("A" if character != "A" else "B") + cursor[index + 1 :]
        with pytest.raises(InvalidCursor):
            CURSORS.decode([], changed, length=2)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        CURSORS.decode([], text, length=2)
