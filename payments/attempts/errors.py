"""What can stand against a payment."""

from chassis.errors import Conflict, Gone, Invalid, Unavailable


class PaymentInProgress(Conflict):
    code = "payment_in_progress"
    title = "Another attempt to pay this order is still open"


class ProviderRefused(Conflict):
    code = "provider_refused"
    title = "The payment provider will not take this payment"


class PaymentVoided(Gone):
    code = "payment_voided"
    title = "This payment was voided"


class IdReused(Invalid):
    code = "id_reused"
    title = "This id was used with another body"


class CaptureDeclined(Conflict):
    code = "capture_declined"
    title = "The money cannot be captured"


class NotAuthorized(Conflict):
    code = "not_authorized"
    title = "Nothing is authorized that could be captured"


class Quarantined(Conflict):
    code = "payment_quarantined"
    title = "This payment does not add up and waits for staff"


class AlreadyPaid(Conflict):
    code = "already_paid"
    title = "The money is already there: cancel the order instead"


class NothingOwed(Conflict):
    code = "nothing_owed"
    title = "This order needs no payment any more"


class TooManyAttempts(Conflict):
    code = "too_many_attempts"
    title = "This order was tried to be paid too often"


class PaymentSettled(Conflict):
    code = "payment_settled"
    title = "This payment is settled, its return address is of no use any more"


class PaymentOpening(Conflict):
    code = "payment_opening"
    title = "The provider is still opening this payment: ask again in a moment"


class UnknownMethod(Invalid):
    code = "unknown_payment_method"
    title = "This way to pay is not offered"


class ForeignReturnUrl(Invalid):
    code = "foreign_return_url"
    title = "Shoppers are only sent back to this shop"


class Contended(Unavailable):
    code = "contended"
    title = "Too many are changing this payment at once"
