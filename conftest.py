"""The wiring, and nothing else: which plugins make a pytest run a gate, and which fixtures evaluations stand on."""

pytest_plugins = [
    "guardbee.plugins.plan",
    "guardbee.plugins.schedule",
    "guardbee.plugins.exclusive",
    "guardbee.plugins.benchmark",
    "guardbee.plugins.progress",
    "guardbee.plugins.collect",
    "guardbee.plugins.allure",
    "guardbee.plugins.gate",
    "guardbee.plugins.summary",
    "guardbee.fixtures.inputs",
    "guardbee.fixtures.general",
    "guardbee.fixtures.models",
    "guardbee.plugins.baseline",
]
