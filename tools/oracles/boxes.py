"""Overlaps of boxes, the loss 1 - GIoU and its gradient, by torchvision: examples/transfer."""

import numpy
import torch
from torchvision.ops import box_convert, box_iou, generalized_box_iou, generalized_box_iou_loss

from _fixture import write

random = numpy.random.default_rng(0)


def boxes(count):
    """Middles and sizes in shares of a picture; some reach over its edge, as predictions do."""
    return numpy.concatenate([random.uniform(0, 1, (count, 2)), random.uniform(0.3, 0.9, (count, 2))], 1)


# Two in three are near the truth, the others anywhere.
truth_values = boxes(12).round(3)
near = truth_values[:8] + random.normal(scale=0.1, size=(8, 4))
predicted_values = numpy.concatenate([near, boxes(4)]).round(3)
predicted = torch.tensor(predicted_values, requires_grad=True)
truth = box_convert(torch.tensor(truth_values), "cxcywh", "xyxy")
corners = box_convert(predicted, "cxcywh", "xyxy")
generalized_box_iou_loss(corners, truth, reduction="mean").backward()

write(
    "boxes",
    {
        "predicted": predicted_values.tolist(),
        "truth": truth_values.tolist(),
        "iou": box_iou(corners, truth).diag().tolist(),
        "giou": generalized_box_iou(corners, truth).diag().tolist(),
        "gradient": predicted.grad.tolist(),
    },
    ["torch", "torchvision"],
)
