"""An OpenAI-compatible endpoint: one question, one answer, over the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

__all__ = ["Endpoint", "EndpointError", "configured"]

_LARGEST = 4_000_000  # bytes of an answer
_SECONDS = 120


class EndpointError(RuntimeError):
    """The endpoint did not answer as it should; the message says how."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``url`` is the base address (…/v1), ``name`` the model's name, ``key`` its bearer token, if it needs one."""

    url: str
    name: str
    key: str = ""
    seconds: float = _SECONDS

    def ask(self, messages: Sequence[dict[str, str]]) -> str:
        """The text of the first choice. Raises :class:`EndpointError` for anything else."""
        if not self.url.startswith(("http://", "https://")):
            raise EndpointError(f"{self.url}: not an http address; correct GANGSHEN_MODEL_URL")
        body = {"model": self.name, "messages": list(messages), "temperature": 0, "stream": False}
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/chat/completions", data=json.dumps(body).encode(), headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=self.seconds) as answer:
                data = answer.read(_LARGEST + 1)
        except (urllib.error.URLError, TimeoutError, OSError, ValueError) as error:
            raise EndpointError(f"{self.url}: {getattr(error, 'reason', error)}") from error
        if len(data) > _LARGEST:
            raise EndpointError(f"{self.url}: the answer is too long")
        try:
            said = json.loads(data)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError) as error:
            raise EndpointError(f"{self.url}: the answer is none of the OpenAI form") from error
        if not isinstance(said, str):
            raise EndpointError(f"{self.url}: the answer holds no text")
        return said


def configured() -> Endpoint | None:
    """The endpoint that this installation names, if it names one."""
    config = settings.CONFIG
    return Endpoint(config.model_url, config.model_name, config.model_key) if config.model_url else None
