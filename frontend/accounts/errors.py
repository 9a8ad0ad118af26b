"""What can go wrong with accounts, each a thing the person can act on."""

from chassis.errors import Conflict, TooManyRequests, Unauthenticated


class WrongPassword(Unauthenticated):
    """E-mail and password do not belong together; which of them is wrong is never said."""

    code = "wrong_password"
    title = "E-mail and password do not match"


class TooManyTries(TooManyRequests):
    """Too many failed tries for this account from this address lately."""

    code = "too_many_tries"
    title = "Too many tries, wait a little"


class EmailTaken(Conflict):
    """There is an account with this e-mail already."""

    code = "email_taken"
    title = "There is an account with this e-mail already"
