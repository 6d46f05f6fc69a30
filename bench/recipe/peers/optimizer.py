"""A recipe's learning rate, momentum and weight decay."""

import math

import torch


def schedule(recipe, steps, per_epoch):
    """The rate of a step: scaled to the batch, warmed up, then falling; milestones count from the end of warmup."""
    rate = recipe["rate"]
    peak = rate["base"] * recipe["batch"] / rate["per"]
    warmup = min(half_up(rate["warmup"] * per_epoch), steps)
    milestones = [half_up(epoch * per_epoch) for epoch in rate["milestones"]]

    def at(step):
        if step < warmup:
            return peak * (step + 1) / warmup
        if rate["schedule"] == "cosine":
            return peak * (1 + math.cos(math.pi * (step - warmup) / max(steps - warmup, 1))) / 2
        return peak * 0.1 ** sum(step - warmup >= milestone for milestone in milestones)

    return at


def half_up(value):
    return math.floor(value + 0.5)


def optimizer_of(model, recipe):
    decayed = [p for p in model.parameters() if recipe["decay"]["biases"] or p.ndim > 1]
    rest = [p for p in model.parameters() if not recipe["decay"]["biases"] and p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": recipe["decay"]["rate"]}, {"params": rest, "weight_decay": 0}]
    nesterov = recipe["momentum"] > 0
    return torch.optim.SGD(groups, lr=1, momentum=recipe["momentum"], nesterov=nesterov)
