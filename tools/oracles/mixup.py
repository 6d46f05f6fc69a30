"""A batch mixed by timm, which pairs example i with n - 1 - i, at a given weight: mixup."""

import numpy
import torch
from timm.data.mixup import Mixup

from _fixture import write

classes, weight = 3, 0.7
images = torch.tensor(numpy.random.default_rng(0).normal(size=(4, 1, 2, 2)).round(3))
labels = torch.tensor([0, 2, 1, 2])


class GivenWeight(Mixup):
    def _params_per_batch(self):
        return weight, False


mix = GivenWeight(mixup_alpha=0.2, label_smoothing=0, num_classes=classes)
mixed_images, mixed_labels = mix(images.clone(), labels)

write(
    "mixup",
    {
        "classes": classes,
        "lambda": weight,
        "permutation": [3, 2, 1, 0],
        "images": images.tolist(),
        "labels": labels.tolist(),
        "mixedImages": mixed_images.tolist(),
        "mixedLabels": mixed_labels.tolist(),
    },
    ["timm", "torch"],
)
