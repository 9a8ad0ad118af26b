"""From the cart to the provider's door and back."""

from frontend.pages.checkout.routes import router

__all__ = ["router"]
