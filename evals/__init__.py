"""What is asked, how an answer is scored, what a verdict is. Pure but for the collected ``test_*.py``."""
