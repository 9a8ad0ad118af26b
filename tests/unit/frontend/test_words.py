"""Every message has its Russian, placeholders and plurals included."""

import re

from frontend.catalogue import catalogue_of, messages
from frontend.happenings import WORDS
from frontend.language import words
from frontend.movements import KINDS
from frontend.statuses import LABELS

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_every_message_is_translated() -> None:
    russian = catalogue_of("ru")
    missing = []
    for message in messages():
        known = russian.get(message.id, message.context) if message.id else None
        texts = known.string if known is not None else ""
        if message.id and not (all(texts) if isinstance(texts, tuple) else texts):
            missing.append(message.id)
    assert missing == []


def test_no_translation_is_left_over() -> None:
    wanted = messages()
    assert [
        message.id for message in catalogue_of("ru") if message.id and wanted.get(message.id) is None
    ] == []


def test_placeholders_survive_translation() -> None:
    for message in catalogue_of("ru"):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(str(ids[-1])))
        for text in texts if message.id else ():
            assert set(PLACEHOLDER.findall(str(text))) == wanted, message.id


def test_words_of_constants_are_found_too() -> None:
    russian = words("ru")
    for text in (*LABELS.values(), *WORDS.values(), *KINDS.values()):
        assert russian.gettext(text) != text


def test_plurals_follow_russian_rules() -> None:
    russian = words("ru")
    forms = [
        russian.ngettext("%(num)s thing", "%(num)s things", number)
        for number in (1, 2, 5, 11, 21, 22, 25, 101)
    ]
    endings = [form.split()[-1] for form in forms]
    assert endings == ["вещь", "вещи", "вещей", "вещей", "вещь", "вещи", "вещей", "вещь"]
