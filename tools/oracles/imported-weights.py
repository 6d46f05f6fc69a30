"""What weights of others are, and do, in their own libraries. For `imagenet import` and `train --init` of examples/imagenet.

Names and shapes of every state dict, as a checksum; and of the networks of timm and torchvision that people start from, the
logits and one training step. Weights are the hash of resnet.py, which the test repeats.
"""

import base64
import hashlib

import numpy as np
import timm
import torch

from _fixture import write
from resnet import CLASSES, DEPTHS, clear_of_kinks, hashed, network, symmetric, training_step

NAMES = {
    **{"18D": "resnet18d", "34D": "resnet34d", "50B": "resnet50", "50C": "resnet50c", "50D": "resnet50d"},
    **{"101D": "resnet101d", "152D": "resnet152d"},
}


def state_dict(depth, variant):
    with torch.device("meta"):
        tensors = network(depth, variant, 1000).state_dict()
    lines = sorted(f"{name} {'×'.join(map(str, tensor.shape))}" for name, tensor in tensors.items() if tensor.ndim > 0)
    return {"tensors": len(lines), "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest()}


def check_names():
    """What is called by arguments above is what timm calls by these names."""
    for key, name in NAMES.items():
        with torch.device("meta"):
            models = network(int(key[:-1]), key[-1], CLASSES), timm.create_model(name, num_classes=CLASSES)
        ours, theirs = ({name: tensor.shape for name, tensor in model.state_dict().items()} for model in models)
        assert ours == theirs, name


def packed(digests):
    """Norms and projections in the order of the names, as float32: a thousand tensors are too many lines."""
    values = np.array([digests[name] for name in sorted(digests)], dtype="<f4")
    return base64.b64encode(values.tobytes()).decode()


def case(key, name):
    model = clear_of_kinks(hashed(int(key[:-1]), key[-1]))
    with torch.no_grad():
        logits = model.eval()(symmetric("images 64", (2, 3, 64, 64))).tolist()
    step = training_step(model)
    return {
        "name": name,
        "depth": int(key[:-1]),
        "variant": key[-1],
        "logits": [float(f"{value:.7g}") for row in logits for value in row],
        "loss": float(f"{step['loss']:.9g}"),
        "gradients": packed(step["gradients"]),
        "statistics": packed(step["statistics"]),
    }


def frozen():
    """A training step of timm's resnet18d after timm's own freeze of stem and stage 2; layer2 lies between parts that are trained."""
    model = clear_of_kinks(hashed(18, "D"))
    model.train()
    timm.utils.freeze(model, ["conv1", "bn1", "layer2"])
    step = training_step(model)
    statistics = {name: digest for name, digest in step["statistics"].items() if "running" in name}
    return {
        "parts": ["stem", "stage2"],
        "loss": float(f"{step['loss']:.9g}"),
        "gradients": packed(step["gradients"]),
        "statistics": packed(statistics),
    }


torch.set_num_threads(1)
check_names()
values = {
    "stateDicts": {f"{depth}{variant}": state_dict(depth, variant) for depth in DEPTHS for variant in "ABCD"},
    "networks": [case(key, name) for key, name in NAMES.items()],
    "frozen": frozen(),
}
write("imported-weights", values, ["torch", "torchvision", "timm"])
