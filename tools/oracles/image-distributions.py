"""What torchvision and torch draw, 10,000 times each, as points of the distribution functions: image-dataset."""

import numpy
import torch
from torchvision.transforms import ColorJitter, RandomHorizontalFlip, RandomResizedCrop

from _fixture import write

DRAWS = 10_000


def distribution(values):
    """Some 250 values and the share of all that is at most each of them: exact there, ties or not."""
    values = numpy.sort(numpy.asarray(values, dtype=float))
    # Rounded up, so that a value is never above its point.
    points = numpy.unique(numpy.ceil(values[:: DRAWS // 250] * 1e5) / 1e5)
    shares = numpy.searchsorted(values, points, side="right") / len(values)
    return {"points": points.round(5).tolist(), "shares": shares.round(4).tolist()}


def crops(width, height):
    image = torch.empty(3, height, width)
    drawn = [RandomResizedCrop.get_params(image, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(DRAWS)]
    top, left, h, w = numpy.array(drawn, dtype=float).T
    measures = {"left": left, "top": top, "width": w, "height": h, "area": w * h / (width * height), "ratio": w / h}
    return {"picture": [width, height], **{name: distribution(values) for name, values in measures.items()}}


def colors():
    # Hue in turns: [0.6, 1.4] of half a turn around 1 are ± 0.2.
    jitter = ColorJitter(brightness=0.4, saturation=0.4, hue=0.2)
    drawn = [ColorJitter.get_params(jitter.brightness, None, jitter.saturation, jitter.hue) for _ in range(DRAWS)]
    _, brightness, _, saturation, hue = zip(*drawn)
    return {name: distribution(values) for name, values in [("brightness", brightness), ("saturation", saturation), ("hue", hue)]}


def flips():
    image = torch.tensor([[[0, 1]]])
    flip = RandomHorizontalFlip(0.5)
    return sum(int(flip(image)[0, 0, 0]) for _ in range(DRAWS))


torch.manual_seed(0)
write(
    "image-distributions",
    {
        "draws": DRAWS,
        "crops": [crops(500, 375), crops(1000, 60)],
        "colors": colors(),
        # The coefficient of the first principal component, as in AlexNet's noise.
        "pca": distribution(torch.empty(DRAWS).normal_(0, 0.1)),
        "flipped": flips(),
    },
    ["numpy", "torch", "torchvision"],
)
