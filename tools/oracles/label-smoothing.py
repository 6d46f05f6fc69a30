"""Smoothed labels of optax, smoothed losses of torch and timm, from the same logits: label-smoothing."""

import jax
import numpy
import optax
import torch
from timm.loss import LabelSmoothingCrossEntropy

from _fixture import write

jax.config.update("jax_enable_x64", True)
classes, epsilon = 5, 0.13
logits = numpy.random.default_rng(0).normal(scale=2, size=(4, classes)).round(3)
labels = [0, 2, 4, 2]

loss = torch.nn.CrossEntropyLoss(label_smoothing=epsilon, reduction="none")
write(
    "label-smoothing",
    {
        "classes": classes,
        "epsilon": epsilon,
        "logits": logits.tolist(),
        "labels": labels,
        "optax": optax.smooth_labels(jax.nn.one_hot(numpy.array(labels), classes, dtype=float), epsilon).tolist(),
        "torchLosses": loss(torch.tensor(logits), torch.tensor(labels)).tolist(),
        "timmMeanLoss": LabelSmoothingCrossEntropy(epsilon)(torch.tensor(logits), torch.tensor(labels)).item(),
    },
    ["optax", "jax", "torch", "timm"],
)
