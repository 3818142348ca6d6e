"""The errors of Guardbee: one tree, each failure attributed to one boundary.

    GuardbeeError
    ├── ConfigurationError      something was asked for that does not exist or makes no sense
    ├── AcquisitionError        files could not be had from their source
    │   ├── SourceUnreachableError    no network, or the server does not answer
    │   ├── SourceNotFoundError       the server answers: no such package, revision or member; or access refused
    │   └── IntegrityError            the bytes are not the pinned bytes; nothing of them was kept
    ├── StoreError              the model store cannot keep or give back files
    │   ├── QuotaExceededError        what is asked for does not fit, even after eviction
    │   └── StoreUnwritableError      read-only folder, full disk
    ├── DataError               an evaluation data set is empty or not as its YAML says
    ├── CandidateRefusedError   a compliance check failed: nothing of the candidate is loaded
    ├── BackendError            the engine under a candidate failed
    │   ├── ModelBrokenError          weights, tokenizer or template cannot be read
    │   └── ModelTooLargeError        it does not fit into memory
    ├── JudgeError              the judge is unreachable, answers nonsense, or agrees too seldom with people
    └── RegistryError           the registry cannot be read or written

A message names the thing, the place, the alternatives and the next step; it is shown to users as it is, without a
traceback. A failure of one *sample* is no exception: it is data, an ``errored`` score (see ``score.py``).
"""

from __future__ import annotations


class GuardbeeError(Exception):
    """Base of everything a user can cause or meet; ``str(error)`` is the whole message."""


class ConfigurationError(GuardbeeError):
    """A name, key or value of the configuration does not exist or makes no sense."""


class AcquisitionError(GuardbeeError):
    """Files could not be had from their source."""


class SourceUnreachableError(AcquisitionError):
    """The server of a source does not answer."""


class SourceNotFoundError(AcquisitionError):
    """The server answers, but has no such package, revision or member, or refuses access."""


class IntegrityError(AcquisitionError):
    """Bytes differ from what was pinned; they were discarded."""


class StoreError(GuardbeeError):
    """The model store cannot keep or give back files."""


class QuotaExceededError(StoreError):
    """The files do not fit into the store's quota, even after eviction."""


class StoreUnwritableError(StoreError):
    """The store's folder cannot be written: permissions, or a full disk."""


class DataError(GuardbeeError):
    """An evaluation data set is empty, or not as its YAML says."""


class CandidateRefusedError(GuardbeeError):
    """A compliance check found the candidate unsafe; nothing of it was loaded."""


class BackendError(GuardbeeError):
    """The engine under a candidate failed."""


class ModelBrokenError(BackendError):
    """Weights, tokenizer or chat template cannot be read."""


class ModelTooLargeError(BackendError):
    """The model does not fit into the memory of this machine."""


class JudgeError(GuardbeeError):
    """The judge is unreachable, its answer cannot be read, or it agrees too seldom with people to decide."""


class RegistryError(GuardbeeError):
    """The registry cannot be read or written."""
