"""The documentation of every service is complete: a stranger can use each operation without reading code."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.support.identities import Identities

SERVICES = ("products", "cart", "orders", "payments")

MUST_EXIST = {
    "products": {"/products": {"get", "post"}, "/products/{product_id}": {"get", "put", "delete"}},
    "cart": {"/cart": {"get", "post"}, "/cart/{cart_item_id}": {"put", "delete"}},
    "orders": {"/orders": {"get", "post"}, "/orders/{order_id}": {"get", "put", "delete"}},
    "payments": {"/payments": {"get", "post"}, "/payments/{payment_id}": {"get", "put", "delete"}},
}


def _document(service: str, identities: Identities) -> dict[str, Any]:
    settings = import_module(f"{service}.settings").Settings(**identities.settings_for(service))
    document: dict[str, Any] = import_module(f"{service}.main").create_app(settings).openapi()
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _has_example(content: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether a reader sees values: examples of the media, of its schema, or of every field of the schema."""
    if "example" in content or content.get("examples"):
        return True
    schema = content.get("schema", {})
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "example" in schema or schema.get("examples"):
        return True
    properties = schema.get("properties", {})
    return all(
        "example" in field
        or field.get("examples")
        or "$ref" in str(field)
        or "default" in field
        or "enum" in field
        for field in properties.values()
    )


@pytest.mark.parametrize("service", SERVICES)
def test_the_promised_paths_exist(service: str, identities: Identities) -> None:
    paths = _document(service, identities)["paths"]
    for path, methods in MUST_EXIST[service].items():
        assert methods <= set(paths.get(path, {})), path


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_explains_itself(service: str, identities: Identities) -> None:
    document = _document(service, identities)
    assert document["info"]["description"]
    silent = []
    for name, operation in _operations(document):
        if not operation.get("summary") or not operation.get("description"):
            silent.append(f"{name}: summary or description")
        bodies = operation.get("requestBody", {}).get("content", {}).values()
        silent += [f"{name}: example of the body" for media in bodies if not _has_example(media, document)]
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                silent += [
                    f"{name}: example of {status}"
                    for media in answer.get("content", {}).values()
                    if media.get("schema") and not _has_example(media, document)
                ]
    assert silent == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_error_is_a_problem(service: str, identities: Identities) -> None:
    wrong = [
        f"{name}: {status}"
        for name, operation in _operations(_document(service, identities))
        for status, answer in operation["responses"].items()
        if status >= "4" and set(answer.get("content", {})) != {"application/problem+json"}
    ]
    assert wrong == []


@pytest.mark.parametrize("service", SERVICES)
def test_writes_and_private_reads_can_be_refused(service: str, identities: Identities) -> None:
    """Every operation names 422 and 503; those with a body 400, 413 and 415; those with a token 401."""
    missing = []
    for name, operation in _operations(_document(service, identities)):
        wanted = {"422", "503"}
        if "requestBody" in operation and "webhooks" not in name:
            wanted |= {"400", "413", "415"}
        if operation.get("security"):
            wanted.add("401")
        if not wanted <= set(operation["responses"]):
            missing.append(f"{name}: {sorted(wanted - set(operation['responses']))}")
    assert missing == []
