"""A server for each test, and settings that ask it."""

import pytest

from stages.judging import client
from tests.judging.server import Server, prefers_longer


@pytest.fixture
def server():
    running = Server(prefers_longer)
    yield running
    running.close()


@pytest.fixture
def settings(server, monkeypatch):
    """A judge's settings; retries come at once, so that no test has to wait."""
    monkeypatch.setattr(client, "FIRST_WAIT_S", 0.0)
    return {
        "base_url": server.url,
        "model": "judge-1",
        "key_env": None,
        "temperature": 0.0,
        "max_tokens": 64,
        "timeout_s": 20.0,
        "retries": 2,
        "concurrency": 4,
        "repeat_share": 0.5,
        "max_failed_share": 0.0,
        "price_in": None,
        "price_out": None,
        "max_cost": None,
    }
