"""Who a cart belongs to."""

from uuid import UUID

from cart.shoppers import NOBODY, Shopper, hash_secret, new_secret


def test_secrets_are_256_bits_and_never_the_same() -> None:
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(secret) for secret in made} == {43}


def test_principals_of_different_shoppers_differ_and_hold_no_secret() -> None:
    anna = UUID("0199c0ff-ee00-7000-8000-000000000001")
    guest = Shopper.guest("secret")
    assert Shopper(customer_id=anna).principal == "customer 0199c0ff-ee00-7000-8000-000000000001"
    assert guest.principal == f"guest {hash_secret('secret').hex()}"
    assert NOBODY.principal == ""


def test_any_text_can_be_hashed() -> None:
    assert len(hash_secret("\udcff\x00ü")) == 32
