"""What to run: the Hydra groups, and the dataclasses that type them."""
