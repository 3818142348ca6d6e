"""How fast is the candidate, and in how much memory? Measured alone on the machine, through pytest-benchmark."""

from __future__ import annotations

import pytest

from guardbee.conf.schema import Config, Profile
from guardbee.evals.result import Latency
from guardbee.fixtures.machine import CpuMeter
from guardbee.fixtures.models import Variant, identity_record
from guardbee.fixtures.performance import Workload, latency_record
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.benchmark import send
from guardbee.plugins.collect import CaseRecorder


@pytest.mark.latency
def test_performance(
    case: CaseRecorder, variant: Variant, profile: str, plan: Config, request: pytest.FixtureRequest
) -> None:
    """Measure latency, throughput and peak memory of one profile; whether that is enough, each task says."""
    settings, runtime = plan.grid.performance[profile], variant.runtime()
    latency = variant.earlier_latency(settings)
    if latency is None:
        latency = measure(runtime, settings, request)
        variant.keep_latency(settings, latency)
    shown = f"p95 {latency.latency_ms_p95:.0f} ms in {latency.rounds} rounds"
    case.finish("pass", shown, latency=latency, identity=identity_record(runtime.identity))


def measure(runtime: CachedRuntime, settings: Profile, request: pytest.FixtureRequest) -> Latency:
    """Return a new measurement: load, warm-up, rounds one at a time, a batch.

    pytest-benchmark drives the rounds, and calls nothing more than it is told.
    """
    benchmark = request.getfixturevalue("benchmark")
    workload = Workload(runtime, settings)
    workload.load()
    workload.warm_up()
    with CpuMeter() as meter:
        benchmark.pedantic(workload.run, rounds=settings.rounds)
    latency = latency_record(runtime, settings, workload, benchmark.stats.stats.data, others_cpu=meter.others)
    benchmark.extra_info.update(p95_ms=latency.latency_ms_p95, others_cpu=latency.others_cpu)
    send(request, benchmark)
    return latency
