"""The address of a judge: what cannot be used, and what would put a key into git."""

import pytest

from stages.command import UserError
from stages.judging.address import check_address, looks_like_a_key

ADDRESSES = ["", "localhost:80/v1", "ftp://a/v1", "http://", "http://[::1", "http://a:b/v1"]
SECRETS = [
    "http://me:hunter2@a/v1",
    "http://hunter2@a/v1",
    "https://a/v1?key=hunter2",
    "http://a#hunter2",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_that_is_none(address):
    with pytest.raises(UserError, match="base_url: no address such as"):
        check_address(address)


@pytest.mark.parametrize("address", SECRETS)
def test_address_with_a_secret(address):
    with pytest.raises(UserError, match="leave them out") as raised:
        check_address(address)
    assert "hunter2" not in str(raised.value)


# the part of a path that is a key, the path with it
KEYS = [
    ("sk-abcdefgh", "/{}/v1"),
    ("sk-proj-AbCd_efGh-IjKl", "/v1/{}"),
    ("hf_abcdefghijkl", "/{}"),
    ("0123456789abcdef0123456789abcdef", "/proxy/{}/v1"),
    ("9f8b7c6d-1234-4abc-8def-0123456789ab", "/{}/v1"),
    ("eyJhbGciOi.eyJzdWIi.c2ln", "/{}/v1"),
    ("qWeRtYuIoPaSdFgHjKlZ", "/{}/v1"),
    ("Zx81kQpLm20aWe77", "/v1/{}/"),
    ("hunter2", "/token/{}/v1"),
    ("hunter2", "/v1/api-key/{}"),
    ("hunter2", "/v1;api_key={}"),
    ("hunter2", "/key:{}/v1"),
    ("%68unter2", "/%74oken/{}"),
]


@pytest.mark.parametrize(("key", "path"), KEYS)
def test_key_within_the_path_is_refused_and_not_shown(key, path):
    with pytest.raises(UserError, match="of its path looks like a key, .* key_env$") as raised:
        check_address(f"https://a.example{path.format(key)}")
    assert key not in str(raised.value) and "hunter2" not in str(raised.value)


USABLE = [
    "http://127.0.0.1:8000/v1",
    "https://a.example",
    "https://a.example/",
    "http://[::1]/v1",
    "https://generativelanguage.googleapis.com/v1beta/openai/",
    "https://router.huggingface.co/hf-inference/models/meta-llama/Llama-3.3-70B-Instruct/v1",
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "https://a.openai.azure.com/openai/deployments/gpt-4o-mini-2024-07-18",
    "https://us-central1-aiplatform.googleapis.com/v1/projects/my-project-123/locations/"
    "us-central1/endpoints/1234567890123456789",
    "https://a.example/TextGenerationInferenceServer/token/v1",
    "https://x1y2z3a4b5c6d7e8.us-east-1.aws.endpoints.huggingface.cloud/v1",
]


@pytest.mark.parametrize("address", USABLE)
def test_address_that_can_be_used(address):
    check_address(address)


def test_judges_that_the_guide_names_look_like_no_keys():
    for name in ("Qwen2.5-7B-Instruct-GPTQ-Int4", "claude-3-5-sonnet-20241022", "phi-3.5-mini"):
        assert not looks_like_a_key(name)
