"""Distillation losses and their gradients, by torch's own cross-entropies: kd-loss."""

import numpy
import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, softmax

from _fixture import write

random = numpy.random.default_rng(0)
student_values = random.normal(scale=3, size=(4, 6)).round(3)
teacher = torch.tensor(random.normal(scale=3, size=(4, 6)).round(3))
labels = softmax(torch.tensor(random.normal(size=(4, 6))), dim=-1)


def distill(temperature, hard_weight):
    student = torch.tensor(student_values, requires_grad=True)
    soft_labels = softmax(teacher / temperature, dim=-1)
    hard = cross_entropy(student, labels, reduction="none")
    soft = cross_entropy(student / temperature, soft_labels, reduction="none")
    losses = hard_weight * hard + temperature**2 * soft
    losses.mean().backward()
    return {
        "temperature": temperature,
        "hardWeight": hard_weight,
        "losses": losses.tolist(),
        "gradient": student.grad.tolist(),
    }


def kullback_leibler(temperature):
    """The form of timm and Keras: the same gradient, a value lower by the teacher's entropy."""
    student = torch.tensor(student_values, requires_grad=True)
    loss = kl_div(
        log_softmax(student / temperature, dim=-1),
        log_softmax(teacher / temperature, dim=-1),
        log_target=True,
        reduction="batchmean",
    )
    (temperature**2 * loss).backward()
    return {"temperature": temperature, "gradient": student.grad.tolist()}


write(
    "kd-loss",
    {
        "student": student_values.tolist(),
        "teacher": teacher.tolist(),
        "labels": labels.tolist(),
        "cases": [distill(20, 1), distill(4, 0.5), distill(1, 0)],
        "kullbackLeibler": kullback_leibler(4),
    },
    ["torch"],
)
