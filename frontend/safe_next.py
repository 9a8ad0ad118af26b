"""Where a form may lead afterwards: to our own pages and nowhere else."""

from urllib.parse import urlsplit

LONGEST = 500


def safe_next(target: str, default: str = "/") -> str:
    """`target` when it is a plain path on this site, else `default`.

    Refused: whole addresses, `//host`, backslashes and control characters (browsers repair them into
    hosts), and paths that answer a form rather than show a page.
    """
    if not target.startswith("/") or target.startswith("//") or len(target) > LONGEST:
        return default
    if any(character == "\\" or ord(character) <= 32 or ord(character) == 127 for character in target):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return default
    return target
