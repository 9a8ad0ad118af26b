"""Static files under `/static/`: addressed by content (`?v=hash`), compressed once, cached for a year."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from chassis.errors import NotFound

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = frozenset({".css", ".js", ".svg", ".txt", ".webmanifest"})
RELATIVE_URL = re.compile(r'url\("(\.\./[^"]+)"\)')
FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to send. `version` is the first 10 hex digits of its SHA-256."""

    content: bytes
    compressed: bytes | None
    media_type: str
    version: str


class Assets:
    """Every file of the static folder, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        mimetypes.add_type("font/woff2", ".woff2")
        mimetypes.add_type("image/avif", ".avif")
        found = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file.suffix != ".md"
        }
        self._files = {path: _asset(path, content) for path, content in found.items() if not _is_css(path)}
        self._files |= {
            path: _asset(path, self._with_versions(path, content))
            for path, content in found.items()
            if _is_css(path)
        }

    def _with_versions(self, path: str, style: bytes) -> bytes:
        """A style sheet whose `url("../…")` name the version of what they point to."""

        def _versioned(reference: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference[1]))
            return f'url("{self.url(target)}")'

        return RELATIVE_URL.sub(_versioned, style.decode()).encode()

    def url(self, path: str) -> str:
        """The address of a file, with its version. Raises KeyError for a file that is not there."""
        return f"/static/{path}?v={self._files[path].version}"

    def has(self, path: str) -> bool:
        """Whether the file is there."""
        return path in self._files

    def answer(self, request: Request, path: str) -> Response:
        """The file, or 304. Raises NotFound."""
        asset = self._files.get(path)
        if asset is None:
            raise NotFound
        tag = f'"{asset.version}"'
        versioned = request.query_params.get("v") == asset.version
        headers = {
            "Cache-Control": FOR_A_YEAR if versioned else FOR_AN_HOUR,
            "ETag": tag,
            "X-Content-Type-Options": "nosniff",
        }
        if asset.compressed is not None:
            headers["Vary"] = "Accept-Encoding"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(asset.compressed, headers=headers, media_type=asset.media_type)
        return Response(asset.content, headers=headers, media_type=asset.media_type)


def _is_css(path: str) -> bool:
    return path.endswith(".css")


def _asset(path: str, content: bytes) -> Asset:
    compressed = gzip.compress(content, mtime=0) if Path(path).suffix in COMPRESSIBLE else None
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Asset(content, compressed, media_type, hashlib.sha256(content).hexdigest()[:10])
