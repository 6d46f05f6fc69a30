"""Loads a folder as a user of PyTorch does: ImageFolder, torchvision's transforms on Pillow images, worker processes.

Prints one line of JSON: images per second over whole epochs, after a first one that starts the workers.
"""

import argparse
import json
import platform
import time

import PIL
import torch
import torchvision
from torchvision import transforms


class Lighting:
    """PCA noise of AlexNet, on floats in [0, 1], as in the usual trainers."""

    values = torch.tensor([0.2175, 0.0188, 0.0045])
    vectors = torch.tensor([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])

    def __call__(self, image):
        noise = self.vectors @ (torch.randn(3) * 0.1 * self.values)
        return image + noise.view(3, 1, 1)


def pipeline(arguments):
    size = arguments.size
    if arguments.augment == "evaluation":
        # Bytes, as ours: a model normalises on its device.
        steps = [transforms.Resize(arguments.resize), transforms.CenterCrop(size), transforms.PILToTensor()]
        return transforms.Compose(steps)
    crop = [transforms.RandomResizedCrop(size), transforms.RandomHorizontalFlip()]
    if arguments.augment == "crop":
        return transforms.Compose([*crop, transforms.PILToTensor()])
    jitter = transforms.ColorJitter(brightness=0.4, saturation=0.4, hue=0.2)
    return transforms.Compose([*crop, jitter, transforms.ToTensor(), Lighting()])


def epoch(loader):
    return sum(len(labels) for _, labels in loader)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--augment", choices=["full", "crop", "evaluation"], required=True)
    for name in ["size", "resize", "batch", "workers", "seconds"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    loader = torch.utils.data.DataLoader(
        torchvision.datasets.ImageFolder(arguments.data, pipeline(arguments)),
        batch_size=arguments.batch,
        shuffle=arguments.augment != "evaluation",
        drop_last=True,
        num_workers=arguments.workers,
        persistent_workers=True,
        prefetch_factor=4,
        worker_init_fn=lambda _: torch.set_num_threads(1),
    )
    epoch(loader)
    start, images = time.perf_counter(), 0
    while time.perf_counter() - start < arguments.seconds:
        images += epoch(loader)
    rate = images / (time.perf_counter() - start)
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__, "pillow": PIL.__version__}
    versions["python"] = platform.python_version()
    print(json.dumps({"imagesPerSecond": rate, "versions": versions}))


if __name__ == "__main__":
    main()
