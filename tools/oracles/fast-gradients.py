"""Expected numbers for @bag-of-tricks/fast-gradients: trajectories of torch.optim.SGD, a soft cross-entropy and a batch norm with their gradients, in float64."""

import numpy
import torch

from _fixture import write

random = numpy.random.default_rng(0)


def sixtyfourths(shape):
    """Normal numbers times 64, as integers: a 64th of each is exact in float32."""
    return (random.normal(size=shape) * 64).round().astype(int)


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def descent(nesterov, decay, steps=12, momentum=0.9):
    """A kernel that decays, a bias and a scalar that do not, and another rate in every step."""
    shapes, decays = [(3, 2), (5,), ()], [decay, 0, 0]
    weights = [sixtyfourths(shape) for shape in shapes]
    parameters = [torch.tensor(value / 64).requires_grad_() for value in weights]
    groups = [{"params": [value], "weight_decay": rot} for value, rot in zip(parameters, decays)]
    optimizer = torch.optim.SGD(groups, lr=1, momentum=momentum, nesterov=nesterov)
    trajectory = []
    for step in range(steps):
        rate = 0.1 / (1 + step)
        gradients = [sixtyfourths(shape) for shape in shapes]
        for group, parameter, gradient in zip(optimizer.param_groups, parameters, gradients):
            group["lr"] = rate
            parameter.grad = torch.tensor(gradient / 64)
        optimizer.step()
        lists = [numpy.array(gradient).flatten().tolist() for gradient in gradients]
        trajectory.append({"rate": rate, "gradients64ths": lists, "weights": [numbers(value) for value in parameters]})
    start = [numpy.array(value).flatten().tolist() for value in weights]
    settings = {"nesterov": nesterov, "momentum": momentum, "decay": decay}
    return settings | {"shapes": shapes, "weights64ths": start, "steps": trajectory}


def cross_entropy(batch=4, classes=5):
    logits64ths, shares = sixtyfourths((batch, classes)) * 4, random.integers(0, 64, (batch, classes))
    # The last class takes what is missing, so that each row sums to 1; a row of one class alone comes first.
    shares[:, -1] = 0
    shares[:, -1] = shares.sum(1).max() - shares.sum(1)
    shares[0] = shares[1].sum() * numpy.eye(classes, dtype=int)[2]
    total, weights64ths = int(shares[0].sum()), sixtyfourths(batch)
    logits = torch.tensor(logits64ths / 64).requires_grad_()
    labels = torch.tensor(shares / total).requires_grad_()
    losses = -(labels * logits.log_softmax(1)).sum(1)
    losses.backward(torch.tensor(weights64ths / 64))
    given = {"logits64ths": logits64ths.tolist(), "shares": shares.tolist(), "dy64ths": weights64ths.tolist()}
    rows = lambda tensor: [numbers(row) for row in tensor]
    return given | {"losses": numbers(losses), "dlogits": rows(logits.grad), "dlabels": rows(labels.grad)}


def batch_norm(batch=6, height=3, width=2, epsilon=1e-3, momentum=0.9):
    """Channels last. Examples differ from one another, so that parts of the batch have other statistics than the whole."""
    shape, channels = (batch, height, width, 3), 3
    spread = numpy.array([1, 0.25, 4])
    # The third channel is 35 deviations away from 0.
    centres = random.normal(size=(batch, 1, 1, channels)) + numpy.array([0, 2, 50])
    x64ths = ((random.normal(size=shape) + centres) * spread * 64).round().astype(int)
    dy64ths = sixtyfourths(shape) + sixtyfourths((batch, 1, 1, channels))
    vectors = {name: sixtyfourths(channels).tolist() for name in ("gamma64ths", "beta64ths", "movingMean64ths")}
    x = torch.tensor(x64ths / 64).permute(0, 3, 1, 2).requires_grad_()
    norm = torch.nn.BatchNorm2d(channels, eps=epsilon, momentum=1 - momentum, dtype=torch.float64)
    with torch.no_grad():
        for parameter, name in ((norm.weight, "gamma64ths"), (norm.bias, "beta64ths"), (norm.running_mean, "movingMean64ths")):
            parameter.copy_(torch.tensor(vectors[name]) / 64)
    y = norm(x)
    y.backward(torch.tensor(dy64ths / 64).permute(0, 3, 1, 2))
    last = lambda tensor: numbers(tensor.permute(0, 2, 3, 1))
    # torch moves its variance by Bessel's, tfjs by the plain one.
    variance = momentum * 1 + (1 - momentum) * x.var((0, 2, 3), correction=0)
    given = {"shape": shape, "x64ths": x64ths.flatten().tolist(), "dy64ths": dy64ths.flatten().tolist()} | vectors
    return {"epsilon": epsilon, "momentum": momentum} | given | {
        "y": last(y),
        "dx": last(x.grad),
        "dgamma": numbers(norm.weight.grad),
        "dbeta": numbers(norm.bias.grad),
        "movingMean": numbers(norm.running_mean),
        "movingVariance": numbers(variance),
    }


write(
    "fast-gradients",
    {
        "momentum": [descent(nesterov, decay) for nesterov in (True, False) for decay in (0, 0.01)],
        "crossEntropy": cross_entropy(),
        "batchNorm": batch_norm(),
    },
    ["torch", "numpy"],
)
