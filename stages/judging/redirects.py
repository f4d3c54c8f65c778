"""A judge's server that sends its questions on to another one."""

from collections.abc import Callable

import httpx2

from stages.command import UserError


def stay_at(base_url: str) -> Callable[[httpx2.Request], None]:
    """A hook that refuses each request to another origin than `base_url`'s: a redirect's.

    A question holds the study's rows, and another server's verdicts would count under this one's
    name. An address of the same scheme, host and port may redirect within itself.
    """
    declared = origin(httpx2.URL(base_url))

    def refuse(request: httpx2.Request) -> None:
        found = origin(request.url)
        if found != declared:
            raise UserError(
                f"{declared}: the judge's server redirects to {found}, another server; nothing was "
                "sent there. If that is the judge, put its address into `judge: base_url`"
            )

    return refuse


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port, the latter left out if it is the scheme's own; no user, no path."""
    own = {"http": ":80", "https": ":443"}.get(url.scheme, "")
    return f"{url.scheme}://{url.netloc.decode().removesuffix(own)}"
