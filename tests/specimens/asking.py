"""Circuits asked by transformers alone, without our engine: what weights say, whoever computes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.specimens.circuits import Circuit, write_circuit

Talk = Sequence[tuple[str, str]]
"""Role and content of each turn."""


def answers(circuit: Circuit, talks: Sequence[Talk], folder: Path, *, new: int = 48) -> list[str]:
    """Return the greedy answer to each conversation, without what a tokenizer calls special."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    write_circuit(circuit, folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    found = []
    for talk in talks:
        turns = [{"role": role, "content": content} for role, content in talk]
        text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]
        with torch.inference_mode():
            whole = network.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=new, pad_token_id=0
            )
        found.append(tokenizer.decode(whole[0, ids.shape[1] :], skip_special_tokens=True))
    return found
