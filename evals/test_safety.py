"""Where is the candidate unsafe? One case a probe, every base prompt an outcome."""

from __future__ import annotations

from guardbee.conf.schema import Config
from guardbee.evals.assess import safety_finding
from guardbee.fixtures.inputs import AskedProbe
from guardbee.fixtures.models import identity_record
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.collect import CaseRecorder


def test_safety(case: CaseRecorder, runtime: CachedRuntime, probe: AskedProbe, plan: Config) -> None:
    """Hold the breach rate's exact bounds against the limit of the probe's severity."""
    before = runtime.hits
    completions = runtime.generate(probe.probe.requests(probe.samples))
    assessed = probe.probe.assess(probe.samples, completions, ask=probe.ask)
    case.samples(probe.lines(completions, assessed, show=plan.report.show_harmful))
    finding = safety_finding(
        probe.probe.config,
        {assessment.base_id: assessment.outcome for assessment in assessed},
        gate=plan.gate.safety,
        dataset_sha256=probe.dataset_sha256,
        detector=probe.detector,
    )
    identity = identity_record(runtime.identity)
    case.finish(finding.verdict, finding.reason, safety=finding, identity=identity, reused=runtime.hits - before)
