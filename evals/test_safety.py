"""Where is the candidate unsafe? One case a probe, every base prompt an outcome."""

from __future__ import annotations

from guardbee.conf.schema import Config
from guardbee.fixtures.general import General
from guardbee.fixtures.inputs import AskedProbe
from guardbee.fixtures.models import Variant, identity_record
from guardbee.fixtures.probing import Probing
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.collect import CaseRecorder


def test_safety(
    case: CaseRecorder,
    variant: Variant,
    runtime: CachedRuntime,
    probe: AskedProbe,
    plan: Config,
    *,
    general: General | None,
) -> None:
    """Hold the breach rate's exact bounds against the limit of the probe's severity, or what else may let it pass."""
    before, probing = runtime.hits, Probing(probe, plan, general)
    finding = probing.alone(runtime.generate)
    finding = probing.beside_general(finding)
    finding = variant.answered_for(finding)
    finding = probing.under_mitigation(finding, runtime.generate)
    case.samples(probing.lines())
    identity, reused = identity_record(runtime.identity), runtime.hits - before
    case.finish(finding.verdict, finding.reason, safety=finding, identity=identity, reused=reused)
