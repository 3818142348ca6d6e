"""Language models with weights set by hand: real checkpoints of the Llama architecture that do exactly one thing.

What a circuit says is a chain of phrases, each a token: the head reads "this phrase" and gives "the next one". Which
chain it begins is found out at the opening of the answer, by attention: a head for each rule looks for the rule's
phrases anywhere in the conversation, and the feed-forward part lets the finding count at the opening alone. A circuit
that copies has a second layer, the two make an induction head (Olsson et al. 2022, arXiv 2209.11895): the first layer
writes beside every token which token came before it, the second looks for the place where the present token came
before, and gives the token that stands there.

All embeddings have the same norm and every choice is saturated, so that RMSNorm only scales. Building one takes some
milliseconds; nothing is trained, and nothing random is in it but the codes of copied tokens, which have a seed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.specimens import vocabulary

CODE = 64
"""Numbers in the code of a copied token; of random signs, so that no two of some thousands are alike."""
_THETA = 1e30
"""Base of the rotary positions: but for the first few pairs of a head nothing turns at all."""
_NEAR, _FAR = 200.0, 1.0
"""Weights of what a chain says, and of what is copied."""
_SURE = 400.0
"""Score of a finding before the softmax; what is not found has 0."""


@dataclass(frozen=True)
class Saying:
    """What is said: phrases, and then, with an ``anchor``, what came after one of these phrases in the conversation."""

    text: str
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Where any of the triggers stands in the conversation, this is said."""

    triggers: frozenset[str]
    says: Saying


@dataclass(frozen=True)
class Circuit:
    """The first rule that applies speaks. ``spoken`` says how copied tokens are written, where not as they are."""

    otherwise: Saying
    rules: tuple[Rule, ...] = ()
    copied: tuple[str, ...] = ()
    """Tokens that can be copied."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    syllables: bool = False
    """Words of four simple syllables can be copied, too."""
    backwards: bool = False
    """A copy goes towards the beginning, from the anchor after it; what is spoken must be other tokens then."""


class _Space:
    """Names parts of the residual stream."""

    def __init__(self) -> None:
        self.width = 0

    def take(self, size: int) -> range:
        part = range(self.width, self.width + size)
        self.width += size
        return part


class _Builder:
    """Lays out one circuit: vocabulary, residual stream, weights."""

    def __init__(self, circuit: Circuit) -> None:
        taken: set[str] = set()
        self.circuit = circuit
        self.sayings = [*(rule.says for rule in circuit.rules), circuit.otherwise]
        self.chains = [vocabulary.cut(saying.text, taken) for saying in self.sayings]
        self.triggers = sorted({trigger for rule in circuit.rules for trigger in rule.triggers})
        self.anchors = sorted({anchor for saying in self.sayings for anchor in saying.anchors})
        phrases = [*self.triggers, *self.anchors, *circuit.copied, *circuit.spoken.values(), *sorted(taken)]
        self.tokenizer, self.ids = vocabulary.build(list(dict.fromkeys(phrases)), syllables=circuit.syllables)
        self.copies = bool(self.anchors)
        self.heads = len(circuit.rules) + 1
        self.head_width = 96 if self.copies else 8
        space = _Space()
        self.const, self.open, self.pad = (space.take(1)[0] for _ in range(3))
        self.trigger, self.found, self.gated = (space.take(len(circuit.rules)) for _ in range(3))
        self.chain = space.take(sum(map(len, self.chains)))
        self.code, self.query, self.before, self.out = (space.take(CODE if self.copies else 0) for _ in range(4))
        # transformers wants a multiple of the number of heads, though these say their own width.
        self.width = -(-space.width // self.heads) * self.heads
        self.norm = 3.0 + len(circuit.rules) + (2 * CODE if self.copies else 0)
        """Square of the length of every embedding."""
        # Where a dimension of a head turns so slowly that it stands still over a million tokens.
        self.still = [i for i in range(self.head_width // 2) if _THETA ** (-2 * i / self.head_width) < 1e-7]
        self.weights: dict[str, np.ndarray] = {}

    def build(self) -> dict[str, np.ndarray]:
        """Return the tensors by name."""
        copied = [*self.circuit.copied, *(vocabulary.doubles() if self.circuit.syllables else [])]
        codes = self._codes(copied)
        self._embed(codes)
        for layer in range(2 if self.copies else 1):
            self._empty(layer)
        self._look_for_triggers()
        if self.copies:
            self._look_back()
            self._copy()
        self._say(codes)
        self.weights["model.norm.weight"] = np.ones(self.width, np.float32)
        return self.weights

    def config(self) -> dict[str, object]:
        """Return ``config.json``."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": len(self.ids),
            "hidden_size": self.width,
            "intermediate_size": max(1, len(self.circuit.rules)),
            "num_hidden_layers": 2 if self.copies else 1,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.heads,
            "head_dim": self.head_width,
            "max_position_embeddings": 16_384,
            "rope_theta": _THETA,
            "rms_norm_eps": 1e-6,
            "hidden_act": "silu",
            "tie_word_embeddings": False,
            "eos_token_id": self.ids[vocabulary.END],
            "torch_dtype": "float32",
        }

    def _codes(self, copied: Sequence[str]) -> dict[str, np.ndarray]:
        draw = np.random.default_rng(0)
        codes = {token: draw.choice([-1.0, 1.0], CODE) for token in copied}
        for saying in self.sayings:
            if saying.anchors:  # they are alike: a copy begins after any of them
                codes |= dict.fromkeys(saying.anchors, draw.choice([-1.0, 1.0], CODE))
        return codes

    def _embed(self, codes: Mapping[str, np.ndarray]) -> None:
        table = np.zeros((len(self.ids), self.width), np.float32)
        table[:, self.const] = 1
        table[self.ids[vocabulary.OPENING], self.open] = 1
        for number, rule in enumerate(self.circuit.rules):
            for trigger in rule.triggers:
                table[self.ids[trigger], self.trigger[number]] = 1
        for place, phrase in zip(self.chain, (phrase for chain in self.chains for phrase in chain), strict=True):
            table[self.ids[phrase], place] = 1
        for token, code in codes.items():
            table[self.ids[token], self.code] = code
            table[self.ids[self.circuit.spoken.get(token, token)], self.query] = code
        for saying, chain in zip(self.sayings, self.chains, strict=True):
            if saying.anchors:
                table[self.ids[chain[-1]], self.query] = codes[saying.anchors[0]]
        table[:, self.pad] = np.sqrt(self.norm - np.square(table).sum(axis=1))
        self.weights["model.embed_tokens.weight"] = table

    def _empty(self, layer: int) -> None:
        inner, hidden = self.heads * self.head_width, max(1, len(self.circuit.rules))
        shapes = {
            "self_attn.q_proj": (inner, self.width),
            "self_attn.k_proj": (inner, self.width),
            "self_attn.v_proj": (inner, self.width),
            "self_attn.o_proj": (self.width, inner),
            "mlp.gate_proj": (hidden, self.width),
            "mlp.up_proj": (hidden, self.width),
            "mlp.down_proj": (self.width, hidden),
        }
        for name, shape in shapes.items():
            self.weights[f"model.layers.{layer}.{name}.weight"] = np.zeros(shape, np.float32)
        for name in ("input_layernorm", "post_attention_layernorm"):
            self.weights[f"model.layers.{layer}.{name}.weight"] = np.ones(self.width, np.float32)

    def _part(self, layer: int, name: str) -> np.ndarray:
        return self.weights[f"model.layers.{layer}.{name}.weight"]

    def _look_for_triggers(self) -> None:
        """Let head N write whether a trigger of rule N is there, and let that count at the opening alone."""
        q, k, v, o = (self._part(0, f"self_attn.{name}_proj") for name in "qkvo")
        gate, up, down = (self._part(0, f"mlp.{name}_proj") for name in ("gate", "up", "down"))
        scale = self.norm / self.width  # of the product of two normalised numbers that were 1
        for number in range(len(self.circuit.rules)):
            row = number * self.head_width + self.still[0]
            q[row, self.open] = _SURE * scale * np.sqrt(self.head_width)
            k[row, self.trigger[number]] = 1
            v[row, self.trigger[number]] = np.sqrt(scale)
            o[self.found[number], row] = 1
            gate[number, self.open] = 4
            up[number, self.found[number]] = 1
            down[self.gated[number], number] = 1

    def _look_back(self) -> None:
        """Let the last head write the code of the token before: its score is highest one place back."""
        q, k, v, o = (self._part(0, f"self_attn.{name}_proj") for name in "qkvo")
        first, half = (self.heads - 1) * self.head_width, self.head_width // 2
        strength = _SURE * self.norm / self.width * np.sqrt(self.head_width)
        for pair in range(6):
            turn = _THETA ** (-2 * pair / self.head_width)
            q[first + pair, self.const] = strength * np.cos(turn)
            q[first + half + pair, self.const] = -strength * np.sin(turn)
            k[first + pair, self.const] = 1
        for i in range(CODE):
            v[first + i, self.code[i]] = np.sqrt(self.norm / self.width)
            o[self.before[i], first + i] = 1

    def _copy(self) -> None:
        """Let the first head of the second layer find where the present token came before, and take what is there."""
        q, k, v, o = (self._part(1, f"self_attn.{name}_proj") for name in "qkvo")
        rows = [*self.still, *(i + self.head_width // 2 for i in self.still)][:CODE]
        key, value = (self.code, self.before) if self.circuit.backwards else (self.before, self.code)
        for i, row in enumerate(rows):
            q[row, self.query[i]] = 4 * np.sqrt(self.head_width)
            k[row, key[i]] = 1
            v[row, value[i]] = 1
            o[self.out[i], row] = 1

    def _say(self, codes: Mapping[str, np.ndarray]) -> None:
        """Write the head: the next phrase of a chain, the first of the chain that was chosen, or a copied token."""
        head = np.zeros((len(self.ids), self.width), np.float32)
        places = iter(self.chain)
        end = self.ids[vocabulary.END]
        for number, (saying, chain) in enumerate(zip(self.sayings, self.chains, strict=True)):
            if number < len(self.circuit.rules):  # every rule outweighs all that come after it
                head[self.ids[chain[0]], self.gated[number]] = 4 * _NEAR * 4.0 ** (len(self.circuit.rules) - number)
            else:
                head[self.ids[chain[0]], self.open] = _NEAR
            following = [*(self.ids[phrase] for phrase in chain[1:]), None if saying.anchors else end]
            for successor in following:
                place = next(places)
                if successor is not None:
                    head[successor, place] = _NEAR
        head[end, self.const] = 0.3 * CODE * _FAR if self.copies else 1
        for token, code in codes.items():
            if token not in self.anchors:
                head[self.ids[self.circuit.spoken.get(token, token)], self.out] = _FAR * code
        self.weights["lm_head.weight"] = head


def write_circuit(circuit: Circuit, folder: Path) -> None:
    """Write a circuit as a checkpoint: weights, configuration, tokenizer; no card."""
    from safetensors.numpy import save_file

    builder = _Builder(circuit)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(builder.build(), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(builder.config()), encoding="utf-8")
    (folder / "tokenizer.json").write_text(builder.tokenizer, encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(vocabulary.settings(), encoding="utf-8")
