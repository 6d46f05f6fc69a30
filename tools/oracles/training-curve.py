"""The first 50 losses of timm's resnet50d, trained with PyTorch in float32. For train of examples/imagenet, which begins from the same weights.

A fresh network of timm, but for the draws of its random generator: those come from the hash of resnet.py, which the test
repeats, and so do the pictures. The recipe is `refined` without mixup and augmentation, whose draws are ours alone: linear
scaling, warmup, cosine, zero γ, no bias decay, label smoothing.
"""

import math

import timm
import torch

from _fixture import write
from resnet import CLASSES, symmetric, uniform

STEPS, WARMUP, BATCH, SIZE = 50, 5, 16, 64
PEAK = 0.1 * BATCH / 256
MOMENTUM, DECAY, EPSILON = 0.9, 1e-4, 0.1


def fresh():
    """Each random tensor of timm's is uniform here, of the same variance."""
    model = timm.create_model("resnet50d", num_classes=CLASSES)
    for name, p in model.named_parameters():
        if p.ndim == 4:
            # Kaiming's normal of fan out: deviation √(2 / fan).
            p.data = symmetric(name, p.shape).float() * (6 / (p.shape[0] * p.shape[2] * p.shape[3])) ** 0.5
        elif name.startswith("fc"):
            p.data = symmetric(name, p.shape).float() * model.fc.in_features**-0.5
    return model


def picture(index, label):
    """Eight by eight coloured squares that tell the class, half covered by noise."""
    squares = (uniform(f"class {label}", (8, 8, 3)) * 128).floor()
    noise = (uniform(f"picture {index}", (SIZE, SIZE, 3)) * 128).floor()
    return squares.repeat_interleave(SIZE // 8, 0).repeat_interleave(SIZE // 8, 1) + noise


def batch(step):
    indices = range(step * BATCH, (step + 1) * BATCH)
    labels = torch.tensor([index % CLASSES for index in indices])
    pixels = torch.stack([picture(index, index % CLASSES) for index in indices])
    # The paper's section 2.1.
    mean, deviation = torch.tensor([123.68, 116.779, 103.939]), torch.tensor([58.393, 57.12, 57.375])
    return ((pixels - mean) / deviation).permute(0, 3, 1, 2), labels


def smoothed(labels):
    """1 − ε for the true class, ε / (K − 1) for each other."""
    targets = torch.full((len(labels), CLASSES), EPSILON / (CLASSES - 1), dtype=torch.float64)
    return targets.scatter(1, labels[:, None], 1 - EPSILON)


def rate(step):
    if step < WARMUP:
        return PEAK * (step + 1) / WARMUP
    return PEAK * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP))) / 2


def losses(dtype):
    model = fresh().to(dtype).train()
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.SGD(groups, lr=PEAK, momentum=MOMENTUM, nesterov=True)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        images, labels = batch(step)
        loss = torch.nn.functional.cross_entropy(model(images.to(dtype)), smoothed(labels).to(dtype))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield float(f"{loss.item():.7g}")


torch.set_num_threads(1)
values = {
    "losses": list(losses(torch.float32)),
    # How far rounding alone takes a training of so many steps.
    "float64": list(losses(torch.float64)),
}
write("training-curve", values, ["torch", "timm"])
