"""Camunda's Python client, opened on the product, and what its stories look up again and again."""

from typing import Any, cast

import camunda_orchestration_sdk as sdk
from camunda_orchestration_sdk import models

from tests.api.sdk.conftest import Product


def opened(product: Product, login: str | None = None) -> sdk.CamundaClient:
    """The client as a person with Basic, or as the program with its client credentials."""
    return sdk.CamundaClient(configuration=cast(Any, product.environment(login)))


def instances(client: sdk.CamundaClient, **filter: Any) -> Any:
    return client.search_process_instances(data=models.ProcessInstanceSearchQuery.from_dict({"filter": filter})).items


def state(client: sdk.CamundaClient, key: Any) -> str:
    return str(client.get_process_instance(key).state.value)
