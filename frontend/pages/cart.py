"""`/cart`: what a shopper means to buy."""

from uuid import UUID

from starlette.responses import HTMLResponse, Response

from chassis.errors import Invalid
from chassis.http import RemoteProblem
from frontend.clients.cart import Cart, CartLine
from frontend.forms import posted, whole_number
from frontend.page_models.cart import Added, CartPage, Line
from frontend.pages.merging import merge_guest_cart
from frontend.routing import AnyVisit, PageRouter

router = PageRouter()

MOST = 999
LONGEST_KEY = 100


@router.get("/cart")
async def show_cart(visit: AnyVisit) -> Response:
    """The cart with the prices of this moment."""
    if visit.person is not None and visit.session.belongings.cart_token:
        await merge_guest_cart(visit)
    cart = await visit.shop.cart.cart(visit.asker("cart"))
    visit.saw_cart(cart.count)
    return await visit.render("cart.html", cart_page(cart))


@router.post("/cart/items")
async def add(visit: AnyVisit) -> Response:
    """The thing is in the cart; a guest's cart is made, and remembered, when there was none."""
    form = await posted(visit.request)
    quantity = whole_number(form.text("quantity") or "1", least=1, most=MOST)
    if quantity is None or not form.text("sku"):
        raise Invalid
    cart, secret = await visit.shop.cart.add(
        visit.asker("cart"), sku=form.text("sku"), quantity=quantity, key=form.text("key")[:LONGEST_KEY]
    )
    if secret and visit.person is None:
        await visit.keep(visit.session.belongings.with_cart(secret))
    if visit.is_htmx:
        message = visit.ngettext(
            "%(num)s thing is in your cart.", "%(num)s things are in your cart.", cart.count
        )
        context = {"page": Added(cart.count, message)}
        return HTMLResponse(visit.shop.templates.page("added.html", visit.locale, context))
    return visit.redirect("/cart")


@router.post("/cart/items/{line_id}")
async def change(visit: AnyVisit, line_id: UUID) -> Response:
    """The line has the quantity asked for; none or zero takes it out."""
    form = await posted(visit.request)
    asker = visit.asker("cart")
    quantity = whole_number(form.text("quantity"), least=0, most=MOST)
    try:
        if form.text("action") == "remove" or quantity == 0:
            await visit.shop.cart.remove(asker, line_id)
            visit.say("line_removed")
        elif quantity is None:
            raise Invalid
        else:
            await visit.shop.cart.change(asker, line_id, quantity)
    except RemoteProblem as refusal:
        if refusal.status != 404:
            raise
    return visit.redirect("/cart")


def cart_page(cart: Cart) -> CartPage:
    """The cart as its page shows it."""
    lines = [_line(line) for line in cart.items]
    return CartPage(
        lines=lines,
        subtotal=cart.subtotal,
        prices_away=bool(lines) and any(line.name is None for line in cart.items),
        is_short=any(line.is_short for line in lines),
        count=cart.count,
    )


def _line(line: CartLine) -> Line:
    return Line(
        id=line.id,
        href=f"/products/{line.slug}?sku={line.sku}" if line.slug else None,
        name=line.name or line.sku,
        options=", ".join(line.options.values()),
        sku=line.sku,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=line.line_total,
        image=line.image,
        available=line.available,
        is_short=line.available is not None and line.available < line.quantity,
    )
