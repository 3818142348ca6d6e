"""The tested model never judges itself: when a judge is taken for a candidate, by address and by name.

Names are compared as people spell them: of a path or a repository the last part, without the ending of a file and of a
quantization, letters and digits alone. A model that is served under a name of somebody's own choosing is not recognised
by it; where the judge's server tells a file on this machine, ``fixtures/judge.py`` compares that with the weights.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from guardbee.conf.schema import Config, Engine, Model
from guardbee.evals.errors import ConfigurationError

_ENDING = re.compile(r"\.(?:gguf|safetensors)$")
_QUANTIZATION = re.compile(r"[-_.](?:i?q\d\w*|bf16|fp?16|fp?32)$")
_PINNED = re.compile(r"(?:@|==)[^/!]*")
_PORTS = {"http": 80, "https": 443}


def refuse_planned(config: Config) -> None:
    """Refuse a configured judge that is shown to be a candidate; said before anything is opened.

    Raises:
        ConfigurationError: names the candidate and what to change.
    """
    judge = config.judge
    if at_one_server(config) and (judge.model is None or judge.model == config.runtime.model):
        # Without a name the judge is the only model of its server, and so is whatever else is asked there.
        candidates = ", ".join(config.grid.model)
        raise _itself(judge.model or f"the only model at {judge.base_url}", candidates, "the same server and model")
    if judge.model is not None:
        refuse_served(config, judge.model)


def refuse_served(config: Config, served: str, listed: Collection[str] = ()) -> None:
    """Refuse a judge that is a candidate by the name that its server has for it; ``listed`` are all models there.

    Raises:
        ConfigurationError: names the candidate and what to change.
    """
    for model in config.grid.model.values():
        if _spelled(served) in {_spelled(name) for name in _names(model, config.runtime)} - {""}:
            raise _itself(served, model.name, "the same name")
        # A candidate without a configured name is its server's model of that name, or the only one.
        if at_one_server(config) and config.runtime.model is None and model.name not in listed and len(listed) == 1:
            raise _itself(served, model.name, "the only model of the same server")


def at_one_server(config: Config) -> bool:
    """Tell whether candidates are asked at the judge's own address."""
    ours, theirs = config.runtime.base_url, config.judge.base_url
    known = config.runtime.backend == "openai" and ours is not None and theirs is not None
    return known and _address(ours or "") == _address(theirs or "")


def _names(model: Model, engine: Engine) -> Iterator[str]:
    """Yield what a candidate may be called."""
    yield model.name
    yield _PINNED.sub("", model.source.partition(":")[2])
    yield from (file.name for file in model.files if file.name.endswith(".gguf"))  # others are called model, mostly
    if engine.backend == "openai" and engine.model is not None:
        yield engine.model


def _spelled(name: str) -> str:
    last = re.split(r"[/\\]", name.lower().rstrip("/\\"))[-1]
    return re.sub(r"[^a-z0-9]", "", _QUANTIZATION.sub("", _ENDING.sub("", last)))


def _address(url: str) -> tuple[str, int | None, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:  # whoever opens it says what is wrong with it
        return url, None, ""
    host = "localhost" if parts.hostname in ("127.0.0.1", "::1") else parts.hostname or ""
    return host, port, parts.path.strip("/") or "v1"


def _itself(judge: str, candidate: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"The judge '{judge}' would judge itself: it is the candidate {candidate} ({why}). Take another model as judge "
        "(judge.model, judge.base_url), or go without: judge=none"
    )
