"""A key or a password is seen wherever it is set, and the name of a variable is none."""

import pytest
from omegaconf import OmegaConf

from runner.config.compose import composed
from runner.config.secrets import is_secret, refuse_secrets_of_overrides, without_secrets
from runner.errors import InvalidInput
from tests.given import study

KEY = "sk-proj-0123456789abcdefghij"


@pytest.mark.parametrize(
    "override",
    [
        f"teacher.key={KEY}",
        f"+teacher.note={KEY}",
        "+teacher.api_key=short",
        "+teacher.password=pw",
        "teacher.key=0123456789abcdef0123456789abcdef",
        "teacher.base_url=http://user:pw@host/v1",
        "teacher.base_url=https://host/v1?api-key=0123456789",
        "tracker.uri=postgresql://user:pw@host/db",
        "tracker.uri=postgresql+psycopg://user:p%40w@host/db",
        f"teacher.key=OPENAI_API_KEY,{KEY}",
        f"judge.members.a.key='{KEY}'",
        f"+hydra.job.env_set={{OPENAI_API_KEY: {KEY}}}",
        "+hydra.job.env_set.OUR_TOKEN=0123456789abcdef0123456789",
        f"corpus.purpose=with {KEY} in it",
        "+x.auth=Bearer 0123456789abcdef",
        "teacher.key=short0123456789",
        "+hydra.job.env_set.DB_PASS=pw@",
        "+hydra.job.env_set.MYSQL_PWD=pw@",
        "teacher.base_url=http://user:a/pw@host/v1",
        "tracker.uri=postgresql://user:a/b?pw@host/db",
    ],
)
def test_a_secret_in_an_override_is_refused_by_name_and_not_shown(override: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        refuse_secrets_of_overrides([override])
    assert str(caught.value).startswith(override.lstrip("+").partition("=")[0])
    assert [part for part in (KEY, "pw@", "0123456789") if part in str(caught.value)] == []


@pytest.mark.parametrize(
    "override",
    [
        "teacher.key=OPENAI_API_KEY",
        "teacher.key=null",
        "teacher.key=${oc.env:OUR_KEY}",
        "tracker.uri=postgresql://user@host/db",
        "tracker.uri=postgresql://user:${oc.env:PASSWORD}@host/db",
        "tracker.uri=sqlite:////a/long/path/of/a/folder/mlruns/mlflow.db",
        "teacher.base_url=http://127.0.0.1:8000/v1",
        "method=token,fact",
        "size.tokens=3000",
        "corpus.purpose=Know the key of each part: its token, its password.",
        "model.id=HuggingFaceTB/SmolLM2-360M-Instruct",
        "+method.mask_token=<|im_start|>",
        "+method.bypass=words",
        "teacher.base_url=http://127.0.0.1:8000/v1/models@ours",
        "store=/a/long/path/of/a/folder/that/holds/the/store",
    ],
)
def test_other_values_are_no_secrets(override: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "short")
    refuse_secrets_of_overrides([override])


def test_a_default_within_an_interpolation_is_a_secret_too() -> None:
    assert is_secret("key", "${oc.env:OUR_KEY,0123456789abcdef}")
    assert is_secret("password", "${oc.env:OUR_PASSWORD,pw}")
    assert not is_secret("key", "${oc.env:OUR_KEY,OTHER_KEY}")
    assert not is_secret("key", "${oc.env:OUR_KEY,null}")
    assert not is_secret("key", "${model.members.the_first_of_two.key}")


def test_what_the_shell_put_in_place_of_a_variable_is_a_secret_whatever_it_looks_like(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_API_KEY", "plain-words-only")
    assert is_secret("note", "plain-words-only")
    monkeypatch.setenv("OUR_API_KEY", "other-words-only")
    assert not is_secret("note", "plain-words-only")


def test_the_shipped_config_holds_none() -> None:
    with composed([]) as config:
        resolved = OmegaConf.to_container(config, resolve=False)
    assert without_secrets(resolved) == resolved


def test_a_secret_in_yaml_or_copied_from_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("OUR_API_KEY", KEY)
    with (
        pytest.raises(InvalidInput, match=r"^hydra\.job\.env_set\.OUR_API_KEY: "),
        composed(["hydra.job.env_copy=[OUR_API_KEY]"]),
    ):
        pass


def test_a_password_of_the_environment_is_in_no_tracked_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD_OF_OURS", "pw")
    built = study("tracker.uri='postgresql://user:${oc.env:PASSWORD_OF_OURS}@host/db'")
    assert OmegaConf.create(built.config).tracker.uri == "***"
    assert "postgresql" not in built.config
