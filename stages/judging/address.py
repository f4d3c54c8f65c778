"""The address of a judge's server, checked before it gets into any file."""

from urllib.parse import urlsplit

from stages.command import UserError


def check_address(base_url: str) -> None:
    """Raise UserError for an address that cannot be used, or that should not get into git."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        usable = False
    if not usable:
        raise UserError("judge: base_url: no address such as https://api.example.org/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UserError(
            "judge: base_url: has a user, a password, a `?` or a `#`, and a secret there would get "
            "into git; leave them out and name the key's environment variable in key_env"
        )
