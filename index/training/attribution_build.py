"""Builds the network that finds attributions from a corpus: trains, shrinks, judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from index.attribution.tagger import NETWORK, Tagger
from index.attribution.windows import WindowEncoder
from index.core.documents import Step
from index.evaluation.attribution import AttributionScores, score_rows
from index.models.minilm import tokenizer_file
from index.models.onnx_export import export, quantize
from index.reader.loading import CARD, SHIPPED
from index.training.attribution import AttributionNetwork, AttributionRecipe, train_attribution
from index.training.build import CHECKPOINT, FULL_PRECISION
from index.training.polnear import read_split, score


def build_attribution(
    corpus: Path, recipe: AttributionRecipe, out: Path, step: Step
) -> dict[str, AttributionScores]:
    """Train on the corpus's split `train`, write the network to `out`, and judge it on `dev`.

    Raises:
        FittingError: the corpus has no such articles.
    """
    articles, judged = read_split(corpus, "train"), read_split(corpus, "dev")
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    network = AttributionNetwork.from_reader(SHIPPED, recipe.layers)
    encoder = WindowEncoder(Tokenizer.from_file(str(tokenizer_file())))
    train_attribution(network, encoder, articles, recipe, out / CHECKPOINT, step("Training"))
    export(network, out / FULL_PRECISION)
    quantize(out / FULL_PRECISION, out / NETWORK)
    scores = {
        "this network": score(Tagger(out / NETWORK).find, judged),
        "in full precision": score(Tagger(out / FULL_PRECISION).find, judged),
    }
    (out / CARD).write_text(model_card(len(articles), recipe, scores), encoding="utf-8")
    return scores


def model_card(
    articles: int, recipe: AttributionRecipe, scores: Mapping[str, AttributionScores]
) -> str:
    """Return the model card as Markdown."""
    rows = [["measure", *scores], ["---"] * (1 + len(scores)), *score_rows(scores)]
    return "\n".join(
        [
            "# A network that finds who says what",
            "",
            f"Learned from {articles:,} annotated articles; judged on others.",
            "",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            *(f"- {name.replace('_', ' ')}: {value}" for name, value in asdict(recipe).items()),
            "",
        ]
    )
