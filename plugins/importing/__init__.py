"""From a task YAML of lm-evaluation-harness 0.4.13 to one of ours: read, translated, and checked on its rows.

What cannot be carried over is said, all of it at once; nothing of a task's own code is ever run.
"""

from __future__ import annotations

from guardbee.plugins.importing.data import Source
from guardbee.plugins.importing.source import Function, read
from guardbee.plugins.importing.translate import Imported, Wishes, translate

__all__ = ["Function", "Imported", "Source", "Wishes", "read", "translate"]
