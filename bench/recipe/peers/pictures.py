"""All pictures of a set in memory, as bytes: class folders, or what `imagenet prepare` wrote."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image


def load(data, part, classes=None):
    """Gives pictures (N × 3 × height × width, bytes), labels and the names of the classes; labels count in `classes` where given."""
    names = {"train": ["train"], "held": ["val", "validation", "test"]}[part]
    folder = next((path for path in (Path(data) / name for name in names) if path.exists()), None)
    if folder is None:
        raise SystemExit(f"{data} has no folder {' or '.join(names)}")
    prepared = (folder / "dataset.json").exists()
    found, samples = read_prepared(folder) if prepared else read_folders(folder)
    classes = classes or found
    pixels, labels = zip(*samples)
    shapes = {picture.shape for picture in pixels}
    if len(shapes) > 1:
        raise SystemExit(f"{folder}: pictures must all be of one size here, got {len(shapes)} sizes: prepare them")
    images = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous()
    return images, torch.tensor([classes.index(found[label]) for label in labels]), classes


def read_folders(folder):
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    paths = [(path, label) for label, name in enumerate(classes) for path in sorted((folder / name).iterdir())]
    return classes, [(np.asarray(Image.open(path).convert("RGB")), label) for path, label in paths]


def read_prepared(folder):
    """`shard-format.ts` of image-dataset says what a shard looks like."""
    description = json.loads((folder / "dataset.json").read_text())
    samples = []
    for shard in description["shards"]:
        data = (folder / shard["file"]).read_bytes()
        length = int.from_bytes(data[-16:-12], "little")
        offset = len(b"BOTSHRD1")
        for _, label, width, height, channels, _ in json.loads(data[-16 - length : -16])["samples"]:
            pixels = np.frombuffer(data, np.uint8, width * height * channels, offset).reshape(height, width, channels)
            samples.append((np.repeat(pixels, 3 // channels, axis=2), label))
            offset += pixels.size
    return description["classes"], samples
