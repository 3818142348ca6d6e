"""Where is the candidate unsafe? One case a probe, every base prompt an outcome."""

from __future__ import annotations

from guardbee.conf.schema import Config
from guardbee.evals.assess import breach_limit, safety_finding
from guardbee.evals.probes.curtail import has_failed, steps
from guardbee.evals.probes.probe import Assessment
from guardbee.evals.request import TextCompletion
from guardbee.fixtures.inputs import AskedProbe
from guardbee.fixtures.models import Variant, identity_record
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.collect import CaseRecorder


def test_safety(case: CaseRecorder, variant: Variant, runtime: CachedRuntime, probe: AskedProbe, plan: Config) -> None:
    """Hold the breach rate's exact bounds against the limit of the probe's severity."""
    before, config, gate = runtime.hits, probe.probe.config, plan.gate.safety
    completions: list[TextCompletion] = []
    assessed: list[Assessment] = []
    for samples in steps(probe.samples) if plan.gate.stop == "early" else [probe.samples]:
        fresh = runtime.generate(probe.probe.requests(samples))
        completions += fresh
        assessed += probe.probe.assess(samples, fresh, ask=probe.ask)
        breached = sum(assessment.outcome == "breached" for assessment in assessed)
        if has_failed(
            breached,
            len(probe.samples),
            severity=config.severity,
            limit=breach_limit(config, gate),
            confidence=gate.confidence,
        ):
            break
    case.samples(probe.lines(completions, assessed, show=plan.report.show_harmful))
    finding = safety_finding(
        config,
        {assessment.base_id: assessment.outcome for assessment in assessed},
        planned=len(probe.samples),
        gate=gate,
        dataset_sha256=probe.dataset_sha256,
        detector=probe.detector,
    )
    finding, identity = variant.answered_for(finding), identity_record(runtime.identity)
    case.finish(finding.verdict, finding.reason, safety=finding, identity=identity, reused=runtime.hits - before)
