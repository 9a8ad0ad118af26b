"""What can stand against a refund."""

from chassis.errors import Conflict


class RefundExceedsCaptured(Conflict):
    code = "refund_exceeds_captured"
    title = "More than is left of what was captured"
