"""A browser without scripts: keeps cookies, follows our redirects, fills in forms, and checks every page it sees."""

from dataclasses import dataclass, field

import httpx2

from tests.pages.html import Document, check

ORIGIN = "https://shop.test"
EMAIL = "anna@example.com"
PASSWORD = "a long enough one"
HTML = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class Browser:
    """One visitor. `page` is what it looks at, `answer` the last answer."""

    client: httpx2.AsyncClient
    locale: str = "en"
    headers: dict[str, str] = field(default_factory=dict)
    answer: httpx2.Response = field(default_factory=lambda: httpx2.Response(204))

    @property
    def page(self) -> Document:
        return Document(self.answer.text)

    @property
    def path(self) -> str:
        """The address of the page it looks at, without the origin."""
        return str(self.answer.request.url).removeprefix(ORIGIN)

    @property
    def words(self) -> str:
        return self.page.words()

    async def request(self, method: str, path: str, data: dict[str, str] | None = None) -> httpx2.Response:
        """One answer, no redirect followed; checked when it is a page."""
        sent = {**HTML, "accept-language": self.locale, **self.headers}
        if method == "POST":
            sent = {"sec-fetch-site": "same-origin", "origin": ORIGIN, **sent}
        self.answer = await self.client.request(method, path, data=data, headers=sent)
        is_page = self.answer.headers.get("content-type", "").startswith("text/html")
        if is_page and self.answer.text and "hx-request" not in self.headers:
            check(self.page)
        return self.answer

    async def open(self, path: str) -> "Browser":
        """Looks at the page, following redirects on our own site."""
        await self.request("GET", path)
        return await self._followed()

    async def post(self, path: str, /, **values: str) -> "Browser":
        """Sends values as a form would, following redirects on our own site."""
        await self.request("POST", path, values)
        return await self._followed()

    async def submit(self, action: str, /, **values: str) -> "Browser":
        """Sends the page's form for `action` with what it holds and `values` on top."""
        form = self.page.form(action)
        if form.method == "get":
            query = httpx2.QueryParams({**form.values, **values})
            return await self.open(f"{action}?{query}")
        return await self.post(action, **{**form.values, **values})

    async def sign_up(self, email: str = EMAIL, password: str = PASSWORD) -> "Browser":
        await self.open("/signup")
        return await self.submit("/signup", name="Anna Berg", email=email, password=password)

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> "Browser":
        await self.open("/signin")
        return await self.submit("/signin", email=email, password=password)

    def cookie(self, name: str) -> str:
        """The cookie's value; empty without one."""
        return self.client.cookies.get(name) or ""

    async def _followed(self) -> "Browser":
        for _ in range(5):
            target = self.answer.headers.get("location", "")
            if self.answer.status_code not in (302, 303, 307) or not target.startswith("/"):
                return self
            await self.request("GET", target)
        raise AssertionError("redirects in circles")
