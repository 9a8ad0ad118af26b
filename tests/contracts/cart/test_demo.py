"""What the documentation of carts offers to try is in the demo shop."""

from pathlib import Path

from cart.schemas import AddIn


def test_the_example_of_the_documentation_is_sold_in_the_demo_shop(repository: Path) -> None:
    examples = AddIn.model_json_schema()["examples"]
    catalogue = "".join(file.read_text() for file in (repository / "products/demo/catalogue").glob("*.json"))
    assert [example["sku"] for example in examples if f'"sku": "{example["sku"]}"' not in catalogue] == []
