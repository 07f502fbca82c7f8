"""Settings in, refusals of keys and passwords out."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.errors import InvalidInput

HIDDEN = "***"
ADVICE = (
    "found what looks like a key or a password. It is not shown here, and it would be kept in the files of a run. Put it into an "
    "environment variable. `key` of a model takes the variable's name, an address takes ${oc.env:NAME} in its place"
)
VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,49}")  # looks like the name of an environment variable
# Names of settings that hold a password in whatever form, and of settings that may hold a key or something else.
PASSWORD = re.compile(r"passw|passphrase|secret|credential|apikey|accesskey|privatekey|accesstoken|authtoken")
SHORT_PASSWORD = re.compile(r"(?:^|[_-])(?:pass|pwd|pw)$")  # DB_PASS, MYSQL_PWD
KEY = re.compile(r"(key|token|auth|authorization|bearer)$")
LONG = re.compile(r"[\w.~+/=:-]{20,}")  # keys of all known hosts are this long
MIXED = re.compile(r"(?=\D*\d)[\w.~+/=:-]{8,}")  # of one's own server, whose keys may be shorter
# What keys of well-known hosts begin with, a password within an address, a key within a query.
KNOWN = re.compile(
    r"\b(?:sk|pk|rk)-(?=[\w-]*\d)[\w-]{16,}|\b(?:hf|gsk|ghp|gho|ghs|github_pat|xai|glpat|dapi)[_-]\w{16,}|\bAKIA[0-9A-Z]{16}\b"
    r"|\bAIza[\w-]{30,}|\bxox[abprs]-\w|\bBearer [\w.~+/=-]{16,}"
    r"|\w[\w+.-]*://[^/\s@:]*:(?!\$\{|\d+/)[^\s@]+@|[?&](?:[\w-]*key|[\w-]*token|sig|signature|password)=[^&\s]{8,}",
    re.ASCII,
)
INTERPOLATED = re.compile(r"\$\{oc\.env:\w+\}")
HEAD = re.compile(r"\$\{[\w.]+(?:\}|:)")  # of an interpolation: ${seed}, or ${oc.env: before its arguments
SEPARATORS = re.compile(r"[,\[\](){}'\"\s]+")


def refuse_secrets(settings: Any, path: str = "") -> None:
    """Raise InvalidInput where a setting holds a key or password.

    ${oc.env:NAME} is none: files hold this text, and not what it stands for.
    """
    if places := _places(settings, path):
        raise InvalidInput("\n".join(f"{place}: {ADVICE}" for place in places))


def resolved_secrets(settings: Any, path: str) -> Iterator[str]:
    """Describe each resolved setting that holds a key or password.

    A component's settings are kept in the store and tracked, so they must not hold one of the environment either.
    """
    for place in _places(settings, path):
        yield (
            f"{place}: holds what looks like a key or a password once the environment is read. It is not shown, and it would "
            "be kept with the results. `key` of a model takes the variable's name, not its value; other settings take no secret"
        )


def _places(settings: Any, path: str) -> list[str]:
    """List settings that hold a key or password, each once."""
    texts = _texts(settings, path)
    return list(dict.fromkeys(place for place, value in texts if is_secret(place.rpartition(".")[2], value)))


def refuse_secrets_of_overrides(overrides: Sequence[str]) -> None:
    """Raise InvalidInput where an override holds one."""
    for override in overrides:
        name, _, value = override.partition("=")
        # Also each value of a sweep, and of a list.
        refuse_secrets([value, *SEPARATORS.split(value)], name.lstrip("+~"))


def as_yaml(cfg: DictConfig) -> str:
    """Write a resolved config without secrets and Hydra's own part."""
    resolved = OmegaConf.to_container(OmegaConf.masked_copy(cfg, [str(key) for key in cfg if key != "hydra"]), resolve=True)
    return OmegaConf.to_yaml(without_secrets(resolved))


def without_secrets(settings: Any, name: str = "") -> Any:
    """Return these plain settings with *** for each secret."""
    if isinstance(settings, Mapping):
        return {key: without_secrets(value, str(key)) for key, value in settings.items()}
    if isinstance(settings, list):
        return [without_secrets(value, name) for value in settings]
    return HIDDEN if isinstance(settings, str) and is_secret(name, settings) else settings


def is_secret(name: str, value: str) -> bool:
    """Return true if a setting holds a secret."""
    # Most settings of such names hold the name of an environment variable, as they should.
    if INTERPOLATED.fullmatch(value) or value in os.environ:
        return False
    if KNOWN.search(value) or any(secret in value for secret in _of_the_environment()):
        return True
    if "${" in value:  # its arguments may be a default: ${oc.env:NAME,default}
        parts = SEPARATORS.split(HEAD.sub(" ", value))
        if any(is_secret(name, part) for part in parts if "${" not in part):
            return True
    letters = re.sub(r"[^a-z]", "", name.lower())
    if VARIABLE.fullmatch(value) or value in ("", "???", HIDDEN):
        return False
    if (letters == "key" and MIXED.fullmatch(value)) or SHORT_PASSWORD.search(name.lower()):
        return True
    return bool(PASSWORD.search(letters) or (KEY.search(letters) and LONG.fullmatch(value)))


def _of_the_environment() -> list[str]:
    """List the secrets that the environment holds."""
    # So the commonest mistake is seen whatever the key looks like: teacher.key=$OPENAI_API_KEY, which the shell replaces.
    return [value for name in os.environ if _of_secret(name) and len(value := os.environ[name].strip()) >= 12]


@cache
def _of_secret(variable: str) -> bool:
    # Kept, since every setting is compared with the whole environment.
    return bool(re.search(r"KEY$|TOKEN$|SECRET|PASSW|_(PASS|PWD|PW)$", variable))


def _texts(settings: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from _texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(settings, list):
        for value in settings:
            yield from _texts(value, path)
    elif isinstance(settings, str):
        yield path, settings
