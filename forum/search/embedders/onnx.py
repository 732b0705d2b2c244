"""Sentence models as ONNX files, run on onnxruntime."""

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.core.exceptions import ImproperlyConfigured

from forum.search.embedders.base import EmbedderUnavailable, Once, clean_text, unit_rows

PREFIX = "onnx:"
MODEL_FILES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
PIECES_READ = 512
# No language has so many characters a word piece; what is beyond is not even cut into pieces.
CHARACTERS_A_PIECE = 16
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True)
class OnnxFiles:
    """`pooling` is `mean`, `cls` or `inner` (the mean without the marks that begin and end every text).

    `most_pieces` counts those marks; `prompt` stands before every text.
    """

    model: Path
    tokenizer: Path
    pooling: str = "mean"
    most_pieces: int = PIECES_READ
    prompt: str = ""


class OnnxEmbedder:
    """A sentence model with its tokenizer. Texts go through it one at a time.

    On the one thread it may use, that is faster than batches of any size (48 texts of 20 to 170 pieces: 1.3 s against
    2.0 s in sixteens), needs far less memory, and gives a text the same vector whatever comes with it.
    """

    def __init__(self, name: str, files: OnnxFiles, version: str = "") -> None:
        """Without a version, it is told by the files."""
        self.name = name
        self._files = files
        self._version = Once(lambda: version or hash_of(files))
        self._model = Once(lambda: LoadedModel(files))

    @property
    def version(self) -> str:
        return self._version.get()

    @property
    def dimensions(self) -> int:
        return self._model.get().dimensions

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        model = self._model.get()
        rows = np.empty((len(texts), model.dimensions))
        for row, text in zip(rows, texts, strict=True):
            row[:] = model.vector(text)
        return unit_rows(rows)


class LoadedModel:
    """Model and tokenizer in memory. Raises EmbedderUnavailable when they cannot be loaded or do not go together."""

    def __init__(self, files: OnnxFiles) -> None:
        self._files = files
        try:
            self._tokenizer = importlib.import_module("tokenizers").Tokenizer.from_file(str(files.tokenizer))
            self._session = _session(files.model)
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(files.most_pieces)
            self._inputs = [wanted.name for wanted in self._session.get_inputs()]
            if unknown := set(self._inputs).difference(INPUTS):
                raise ValueError(f"it wants {', '.join(sorted(unknown))}, which a tokenizer does not give")
            self._output = _output_name(self._session)
            self.dimensions = len(self.vector(""))
        except Exception as error:
            raise EmbedderUnavailable(f"The model {files.model} cannot be used: {error}") from error

    def vector(self, text: str) -> np.ndarray:
        """Of any length but zero."""
        text = clean_text(text, self._files.most_pieces * CHARACTERS_A_PIECE)
        pieces = self._tokenizer.encode(self._files.prompt + text)
        known = dict(zip(INPUTS, (pieces.ids, pieces.attention_mask, pieces.type_ids), strict=True))
        fed = {name: np.array([known[name]], dtype=np.int64) for name in self._inputs}
        try:
            found = self._session.run([self._output], fed)[0][0]
        except Exception as error:
            raise EmbedderUnavailable(f"The model {self._files.model} does not run: {error}") from None
        if found.ndim == 1:
            return found
        if self._files.pooling == "inner" and len(found) > 2:
            return found[1:-1].mean(axis=0)
        # One text has no padding, so the mean over all pieces is the mean over the attention mask.
        return found[0] if self._files.pooling == "cls" else found.mean(axis=0)


def open_directory(directory: Path) -> OnnxEmbedder:
    """The model of a directory, as sentence-transformers lays it out; its files of settings are optional.

    Raises ImproperlyConfigured, naming what is missing.
    """
    if lacking := [name for name in ("onnxruntime", "tokenizers") if importlib.util.find_spec(name) is None]:
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: models in directories need {' and '.join(lacking)}.")
    model = next((directory / name for name in MODEL_FILES if (directory / name).is_file()), None)
    if model is None:
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: {directory} has no {', '.join(MODEL_FILES[:-1])}.")
    if not (directory / "tokenizer.json").is_file():
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: {directory} has no tokenizer.json.")
    prompts = _settings(directory / "config_sentence_transformers.json").get("prompts") or {}
    files = OnnxFiles(
        model=model,
        tokenizer=directory / "tokenizer.json",
        pooling=_pooling(directory / "1_Pooling" / "config.json"),
        most_pieces=_settings(directory / "sentence_bert_config.json").get("max_seq_length") or PIECES_READ,
        prompt=prompts.get("query") or "",
    )
    return OnnxEmbedder("onnx", files)


def hash_of(files: OnnxFiles) -> str:
    """Twelve hexadecimal digits of everything that a vector depends on; large models keep weights in a second file."""
    digest = hashlib.sha256(f"{files.pooling} {files.most_pieces} {files.prompt}".encode())
    weights = [files.model.with_name(files.model.name + ending) for ending in ("_data", ".data")]
    for path in (files.tokenizer, files.model, *(path for path in weights if path.is_file())):
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise EmbedderUnavailable(f"The file {path} cannot be read: {error}") from error
    return digest.hexdigest()[:12]


def _session(model: Path) -> Any:
    onnxruntime = importlib.import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    # Web workers and the background worker share the machine; with one thread there is also no pool of them that a
    # fork would lose. Without the arena a long text's memory is given back.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _output_name(session: Any) -> str:
    """Vectors of the pieces, which are pooled here, rather than one of the text, pooled who knows how."""
    outputs = session.get_outputs()
    return next((output.name for output in outputs if len(output.shape) == 3), outputs[0].name)


def _settings(path: Path) -> dict:
    """What stands in a JSON file; nothing where there is none. Raises ImproperlyConfigured where it is no object."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: {path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: {path} holds no JSON object.")
    return found


def _pooling(path: Path) -> str:
    """`mean` where nothing is said. Raises ImproperlyConfigured where anything but one of the two known ways is."""
    found = _settings(path)
    chosen = [name for name, on in found.items() if name.startswith("pooling_mode_") and on is True]
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    if chosen and (len(chosen) > 1 or chosen[0] not in known):
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS: {path} asks for another pooling than mean or cls.")
    return known[chosen[0]] if chosen else "mean"
