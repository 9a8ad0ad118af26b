"""What can be wrong with a webhook."""

from chassis.errors import Malformed


class InvalidSignature(Malformed):
    code = "invalid_signature"
    title = "This was not signed by the provider, or too long ago"
