"""Pydantic's findings in Stripe's words."""

from pydantic import ValidationError

from sandbox.api.errors import InvalidRequest


def as_invalid_request(error: ValidationError) -> InvalidRequest:
    """The first finding as Stripe would put it: `param` in brackets, a `code`, and never the value itself."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    first, *rest = (str(part) for part in found["loc"]) if found["loc"] else ("",)
    param = first + "".join(f"[{part}]" for part in rest)
    kind = found["type"]
    if kind == "extra_forbidden":
        return InvalidRequest(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
    if kind == "missing":
        return InvalidRequest(f"Missing required param: {param}.", code="parameter_missing", param=param)
    if kind.startswith("int_"):
        return InvalidRequest(f"Invalid integer: {param}", code="parameter_invalid_integer", param=param)
    return InvalidRequest(f"Invalid {param or 'request'}: {found['msg']}", param=param or None)
