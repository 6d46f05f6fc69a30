"""Batch norm with ReLU and a shortcut, max pooling of zero-padded pictures, and SGD, by torch in float64: fused-ops."""

import numpy
import torch
from torch.nn.functional import batch_norm, max_pool2d, pad, relu

from _fixture import write

random = numpy.random.default_rng(0)


def sixtyfourths(shape):
    """Normal numbers times 64, as integers below 256: a 64th of each has no more digits than bfloat16 holds."""
    return numpy.clip((random.normal(size=shape) * 64).round(), -255, 255).astype(int)


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def normalization(shape=(3, 4, 5, 5), momentum=0.9, epsilon=1e-3):
    """With `add`, a shortcut is added before ReLU and the gradient comes as the sum of two."""
    channels = shape[-1]
    given = {name: sixtyfourths(shape) for name in ["x", "side", "dy", "dy2"]}
    vectors = {name: sixtyfourths(channels) for name in ["gamma", "beta", "movingMean"]}
    vectors["movingVariance"] = numpy.abs(sixtyfourths(channels))

    def run(shift, add):
        leaf = lambda name, plus=0: (torch.tensor((given | vectors)[name] / 64) + plus).requires_grad_()
        x, side, gamma, beta = leaf("x", shift), leaf("side"), leaf("gamma"), leaf("beta")
        statistics = [torch.tensor(vectors[name] / 64) for name in ["movingMean", "movingVariance"]]
        first = x.movedim(-1, 1)
        # torch moves its running variance by the unbiased variance and tfjs by the plain one: that is worked out below.
        normal = batch_norm(first, None, None, gamma, beta, training=True, eps=epsilon).movedim(1, -1)
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2), unbiased=False)
        before = normal + side if add else normal
        assert before.abs().min() > 1e-4, "a value so near to ReLU's corner would be luck in single precision"
        y = relu(before)
        dy = torch.tensor((given["dy"] + (given["dy2"] if add else 0)) / 64)
        y.backward(dy)
        moved = [momentum * old + (1 - momentum) * now for old, now in zip(statistics, [mean, variance])]
        result = {"y": y, "mean": mean, "rstd": (variance + epsilon).rsqrt(), "movingMean": moved[0]}
        result |= {"movingVariance": moved[1], "dx": x.grad, "dgamma": gamma.grad, "dbeta": beta.grad}
        return result | ({"dside": side.grad} if add else {})

    def case(add):
        # Normalization does not see where the mean lies: only the means may differ.
        here, there = run(0, add), run(50, add)
        for name in set(here) - {"mean", "movingMean"}:
            assert torch.allclose(here[name], there[name], rtol=1e-9, atol=1e-12), name
        return {name: numbers(value) for name, value in here.items()}

    integers = {name: value.flatten().tolist() for name, value in (given | vectors).items()}
    settings = {"shape": shape, "momentum": momentum, "epsilon": epsilon}
    return settings | {"in64ths": integers, "relu": case(False), "addRelu": case(True)}


def pooling(shape, ksize, strides, pads):
    """Few different values, so that there are ties; some windows hold negative ones only, so that the padding wins."""
    top, bottom, left, right = pads
    x = torch.tensor(random.integers(-4, 3, size=shape), dtype=torch.float64, requires_grad=True)
    padded = pad(x.movedim(-1, 1), (left, right, top, bottom))
    y, places = max_pool2d(padded, ksize, strides, return_indices=True)
    width = shape[2] + left + right
    rows, columns = (torch.arange(size) for size in y.shape[2:])
    h, w = places // width, places % width
    cell = (h - rows[:, None] * strides[0]) * ksize[1] + w - columns * strides[1]
    inside = (h >= top) & (h < top + shape[1]) & (w >= left) & (w < left + shape[2])
    dy = random.integers(-4, 5, size=y.movedim(1, -1).shape)
    y.movedim(1, -1).backward(torch.tensor(dy, dtype=torch.float64))
    integers = lambda tensor: tensor.detach().flatten().int().tolist()
    result = {"y": integers(y.movedim(1, -1)), "index": integers(torch.where(inside, cell, 255).movedim(1, -1))}
    settings = {"shape": shape, "ksize": ksize, "strides": strides, "pads": pads}
    return settings | {"x": integers(x), "dy": dy.flatten().tolist(), **result, "dx": integers(x.grad)}


def descent(nesterov, shapes=((3, 2), (5,)), decays=(0.01, 0), rate=0.1, momentum=0.9, steps=3):
    weights = [sixtyfourths(shape) for shape in shapes]
    gradients = [[sixtyfourths(shape) for shape in shapes] for _ in range(steps)]
    parameters = [torch.tensor(value / 64).requires_grad_() for value in weights]
    groups = [{"params": [value], "weight_decay": decay} for value, decay in zip(parameters, decays)]
    optimizer = torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=nesterov)
    trajectory = []
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = torch.tensor(gradient / 64)
        optimizer.step()
        trajectory.append([numbers(value) for value in parameters])
    integers = lambda arrays: [value.flatten().tolist() for value in arrays]
    settings = {"nesterov": nesterov, "shapes": shapes, "decays": decays, "rate": rate, "momentum": momentum}
    given = {"weights64ths": integers(weights), "gradients64ths": [integers(step) for step in gradients]}
    return settings | given | {"trajectory": trajectory}


write(
    "fused-ops",
    {
        "batchNorm": normalization(),
        "maxPool": [
            pooling((2, 5, 7, 3), (3, 3), (2, 2), (1, 1, 1, 1)),
            pooling((1, 6, 5, 2), (2, 3), (1, 2), (0, 1, 2, 0)),
        ],
        "momentum": [descent(True), descent(False)],
    },
    ["torch", "numpy"],
)
