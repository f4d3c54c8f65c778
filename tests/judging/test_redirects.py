"""What counts as the judge's own server when it redirects."""

import httpx2
import pytest

from stages.command import UserError
from stages.judging.redirects import stay_at

# the declared address, where a request goes, whether that is the same server
PLACES = [
    ("https://a.example/v1", "https://A.example:443/v2", True),
    ("http://a.example/v1", "http://a.example:80", True),
    ("HTTP://A.example:80/v1", "http://a.example/v1", True),
    ("http://[::1]:8000/v1", "http://[::1]:8000/v1/chat", True),
    ("https://müller.example/v1", "https://xn--mller-kva.example/v1/", True),
    ("http://a.example", "https://a.example", False),
    ("http://a.example", "http://a.example:8000", False),
    ("http://a.example", "http://a.example.evil", False),
    ("http://a.example", "http://a.example@evil/v1", False),
]


@pytest.mark.parametrize(("declared", "place", "same"), PLACES)
def test_origin(declared, place, same):
    request = httpx2.Request("POST", place)
    if same:
        stay_at(declared)(request)
        return
    with pytest.raises(UserError, match=r"redirects to http\S+, another server"):
        stay_at(declared)(request)
