"""The checker of pages finds what it is there for."""

import pytest
from html5lib.html5parser import ParseError

from tests.pages.html import Document, check

GOOD = """<!doctype html><html lang="en"><head><title>Mug</title></head>
<body><main><h1>Mug</h1>{}</main></body></html>"""


def test_a_good_page_passes() -> None:
    check(
        Document(GOOD.format('<form action="/x" method="post"><label for="a">A</label><input id="a"></form>'))
    )


@pytest.mark.parametrize(
    "part",
    [
        "<h1>Twice</h1>",
        '<p id="a"></p><p id="a"></p>',
        '<p style="color:red">x</p>',
        '<p onclick="x()">x</p>',
        "<script>x()</script>",
        '<script src="https://elsewhere.test/x.js"></script>',
        '<input name="a">',
        '<label for="nobody">x</label>',
        '<form method="post"><label>A <input name="a"></label></form>',
        '<form action="/x"><label>A <input name="a"></label></form>',
        '<img src="/x.webp" width="1" height="1">',
        '<a href="/x"></a>',
        '<a href="javascript:x()">x</a>',
        '<p aria-describedby="nobody">x</p>',
        "<button></button>",
    ],
)
def test_what_is_wrong_is_found(part: str) -> None:
    with pytest.raises(AssertionError):
        check(Document(GOOD.format(part)))


@pytest.mark.parametrize("part", ["<p>a & b &nope; </p></div>", "<p><b>x</p></b>", "<ul><p></ul></p>"])
def test_malformed_html_does_not_parse(part: str) -> None:
    with pytest.raises(ParseError):
        Document(GOOD.format(part))
