"""What a judge is asked where rules do not decide. Who is asked, and over which wire, is ``fixtures/judge.py``."""

from guardbee.evals.judging.panel import Panel
from guardbee.evals.judging.rubric import REFUSAL, Ask, Judgement, Rubric, Vote

__all__ = ["REFUSAL", "Ask", "Judgement", "Panel", "Rubric", "Vote"]
