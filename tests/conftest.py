"""What all tests share."""

import pytest
from hypothesis import settings

SERVERS = {"api", "site"}

# A busy machine is slow at times, which is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that talk to a server of their own, which the inner loop leaves out."""
    for item in items:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("http")
