"""How a pytest run becomes a gate."""
