"""An identity provider (OpenID Connect) on this machine, and secrets that have the app ask it."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread

from geozones.common.clock import SHIFT


@contextmanager
def login_provider(people: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Run a provider that knows these people, by what it says of each; return its address.

    It dates its tokens by the machine's clock, as the library that checks them does: under
    ``--today`` they would be too old, and the test is skipped.
    """
    if os.environ.get(SHIFT):
        pytest.skip("an identity provider has the machine's clock")
    users = [User(sub=sub, claims=dict(claims)) for sub, claims in people.items()]
    before = os.environ.get("AUTHLIB_INSECURE_TRANSPORT")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the provider speaks HTTP, on this machine
    try:
        with run_server_in_thread(user_claims=users) as server:
            yield f"http://localhost:{server.server_port}"
    finally:
        del os.environ["AUTHLIB_INSECURE_TRANSPORT"]
        if before is not None:
            os.environ["AUTHLIB_INSECURE_TRANSPORT"] = before


def write_secrets(
    home: Path, app: str, provider: str, geozones: Sequence[str], name: str = "app"
) -> None:
    """Write ``.streamlit/secrets.toml`` in a home folder; ``geozones`` are lines of roles.

    Logins are signed by a secret of the app's name.
    """
    auth = {
        "redirect_uri": f"{app}/oauth2callback",
        "cookie_secret": f"only for a test of the {name}, but long enough to sign with",
        "client_id": "geozones",
        "client_secret": "only for a test",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    lines = ["[auth]", *(f"{key} = {json.dumps(value)}" for key, value in auth.items()), *geozones]
    file = home / ".streamlit" / "secrets.toml"
    file.parent.mkdir(parents=True)
    file.write_text("\n".join(lines) + "\n")
