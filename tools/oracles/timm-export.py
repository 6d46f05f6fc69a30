"""What timm makes of an export: the network, its logits and its transform. For `imagenet export --format timm` of examples/imagenet.

The folders are written here as the export writes them, with the weights of resnet.py, which the test repeats: that config and file of
the export are these is what the test checks.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from _fixture import write
from resnet import symmetric, weight

CLASSES = ["apple", "pear, ripe", "plum"]
MEAN = [123.68, 116.779, 103.939]
STD = [58.393, 57.12, 57.375]


def config(depth, variant, size, resize):
    architecture = {"architecture": f"resnet{depth}d" if variant == "D" else f"resnet{depth}"}
    if variant == "C":
        architecture["model_args"] = {"stem_width": 32, "stem_type": "deep"}
    pool = -(-size // 32)
    return {
        **architecture,
        "num_classes": len(CLASSES),
        "num_features": 512 if depth < 50 else 2048,
        "label_names": CLASSES,
        "pretrained_cfg": {
            "custom_load": False,
            "input_size": [3, size, size],
            "fixed_input_size": False,
            "interpolation": "bilinear",
            "crop_pct": size / resize,
            "crop_mode": "center",
            "mean": [value / 255 for value in MEAN],
            "std": [value / 255 for value in STD],
            "num_classes": len(CLASSES),
            "pool_size": [pool, pool],
            "first_conv": "conv1" if variant in "AB" else "conv1.0",
            "classifier": "fc",
        },
    }


def picture(width, height):
    """Slopes, whole numbers only: the test has the same."""
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([3 * x % 256, 4 * y % 256, (x + 2 * y) % 256], axis=2).astype(np.uint8))


def export(depth, variant, size, resize):
    described = config(depth, variant, size, resize)
    args = described.get("model_args", {})
    plain = timm.create_model(described["architecture"], num_classes=len(CLASSES), **args)
    shapes = {name: tensor.shape for name, tensor in plain.state_dict().items() if tensor.ndim > 0}
    with TemporaryDirectory() as folder:
        Path(folder, "config.json").write_text(json.dumps(described))
        tensors = {name: weight(name, shape).float() for name, shape in shapes.items()}
        save_file(tensors, Path(folder, "model.safetensors"), metadata={"format": "pt"})
        model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    for name, tensor in model.state_dict().items():
        assert tensor.ndim == 0 or torch.equal(tensor, tensors[name]), name
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
    pixels = transform(picture(57, 41))
    with torch.no_grad():
        logits = model.double()(symmetric("images", (1, 3, size, size)))[0]
    return {
        "depth": depth,
        "variant": variant,
        "size": size,
        "resize": resize,
        "config": described,
        "tensors": {name: "×".join(map(str, shape)) for name, shape in shapes.items()},
        "labels": model.pretrained_cfg["label_names"],
        # Every 13th: of each channel, and from all over the picture.
        "pixels": [float(f"{value:.6g}") for value in pixels.permute(1, 2, 0).flatten()[::13].tolist()],
        "logits": logits.tolist(),
    }


torch.set_num_threads(1)
cases = [export(18, "B", 32, 36), export(18, "C", 24, 24), export(50, "D", 32, 36)]
write("timm-export", {"exports": cases}, ["torch", "timm", "safetensors"])
