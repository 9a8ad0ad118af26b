"""Refusals in Stripe's error format. Raised, an error undoes what its call wrote; returned, it keeps it."""

from typing import ClassVar

from sandbox.api.wire import Json


class StripeError(Exception):
    """A refusal: `status`, Stripe's `type`, and what the SDK shows: message, code, param, decline_code."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
        payment_intent: Json | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.decline_code = decline_code
        self.payment_intent = payment_intent

    def body(self) -> Json:
        """The JSON that Stripe answers with; members without a value are left out."""
        members = {
            "type": self.type,
            "message": self.message,
            "code": self.code,
            "param": self.param,
            "decline_code": self.decline_code,
            "payment_intent": self.payment_intent,
        }
        return {"error": {name: value for name, value in members.items() if value is not None}}


class InvalidRequest(StripeError):
    """A parameter is wrong, or the object's state does not allow the call."""


class InvalidApiKey(StripeError):
    """No key, or not the one of the settings."""

    status = 401


class CardRefused(StripeError):
    """The bank said no. The intent stays payable."""

    status = 402
    type = "card_error"


class Missing(StripeError):
    """No object with this id, or no such address."""

    status = 404


class OtherParameters(StripeError):
    """The idempotency key was first used for another call."""

    type = "idempotency_error"


class KeyInUse(StripeError):
    """Another call with this idempotency key has not been answered yet."""

    status = 409
    type = "idempotency_error"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is currently another in-progress request using this Idempotency Key ({key}). Please try again later.",
            code="idempotency_key_in_use",
        )


class ProviderBroken(StripeError):
    """A bug of the sandbox. Whether the call had an effect is unknown to the caller, as with Stripe."""

    status = 500
    type = "api_error"


def missing(kind: str, id: str, *, param: str = "id") -> Missing:  # noqa: A002  # Stripe's word
    """The refusal for an id that nothing of this kind has."""
    return Missing(f"No such {kind}: '{id}'", code="resource_missing", param=param)
