"""The number of requests that an address may send is counted in one place for all processes."""

import pytest

from tests.factories.product import Product


@pytest.mark.row("S-50", "P-29")
def test_requests_to_several_processes_are_counted_together_and_over_a_restart(
    product: Product, redis_url: str
) -> None:
    def process() -> Product:
        return product.restarted(requests_per_minute=4, redis_url=redis_url)

    first, second = process(), process()

    said = [one.browser().get("/m/login").status_code for one in (first, second) * 2]

    assert said == [200] * 4
    for one in (first, second, process()):
        answer = one.browser().get("/m/login")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
