"""Trains by a recipe of examples/imagenet as a user of PyTorch would, and prints one line of JSON: the accuracy after the last epoch."""

import argparse
import json
import math
import platform
import sys
import time
from pathlib import Path

import torch
import torchvision
from torch.nn.functional import cross_entropy, one_hot

from network import network
from optimizer import optimizer_of, schedule
from pictures import load
from transforms import augment, evaluation

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def mixed(images, targets, alpha):
    if alpha == 0:
        return images, targets
    share = torch.distributions.Beta(alpha, alpha).sample().item()
    other = torch.randperm(len(images))
    return share * images + (1 - share) * images[other], share * targets + (1 - share) * targets[other]


def smoothed(targets, epsilon, spread):
    classes = targets.shape[1]
    off = epsilon / (classes - 1 if spread == "others" else classes)
    on = 1 - epsilon if spread == "others" else 1 - epsilon + off
    return off + (on - off) * targets


def forward(model, images, precision):
    images = images.to(DEVICE, memory_format=torch.channels_last)
    with torch.autocast(DEVICE, torch.bfloat16, enabled=precision == "bfloat16"):
        return model(images).float()


def train_epoch(model, optimizer, recipe, data, classes, rates):
    """One pass over the pictures, or less: until there is no rate left."""
    images, labels = data
    model.train()
    order = torch.randperm(len(images))
    for batch in order[: len(order) // recipe["batch"] * recipe["batch"]].split(recipe["batch"]):
        rate = next(rates, None)
        if rate is None:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate
        inputs, targets = augment(images[batch], **recipe["images"]), one_hot(labels[batch], classes).float()
        inputs, targets = mixed(inputs, targets, recipe["mixup"]["alpha"])
        targets = smoothed(targets, **recipe["label"]).to(DEVICE)
        loss = cross_entropy(forward(model, inputs, recipe["precision"]), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if not math.isfinite(loss.item()):
        raise SystemExit(f"the loss is {loss.item()}")
    return loss.item()


@torch.no_grad()
def evaluate(model, recipe, data):
    """In float32, whatever it was trained in."""
    model.eval()
    total, top1, top5 = 0.0, 0, 0
    for images, labels in zip(*(tensor.split(recipe["batch"]) for tensor in data)):
        logits, labels = forward(model, evaluation(images, **recipe["images"]), "float32"), labels.to(DEVICE)
        total += cross_entropy(logits, labels, reduction="sum").item()
        hits = logits.topk(min(5, logits.shape[1])).indices == labels[:, None]
        top1 += hits[:, 0].sum().item()
        top5 += hits.sum().item()
    count = len(data[1])
    return {"top1": top1 / count, "top5": top5 / count, "loss": total / count}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipe", required=True, help="recipe.json of a run")
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    recipe = json.loads(Path(arguments.recipe).read_text())["recipe"]
    if recipe["precision"] == "float16":
        raise SystemExit("the peer trains in float32 or bfloat16, not in float16")
    torch.manual_seed(arguments.seed)
    images, labels, classes = load(arguments.data, "train")
    held = load(arguments.data, "held", classes)[:2]
    model = network(len(classes), **recipe["model"]).to(DEVICE, memory_format=torch.channels_last)
    optimizer = optimizer_of(model, recipe)
    per_epoch = len(images) // recipe["batch"]
    steps = recipe["steps"] or recipe["epochs"] * per_epoch
    rates = map(schedule(recipe, steps, per_epoch), range(steps))
    seconds = 0.0
    for epoch in range(math.ceil(steps / per_epoch)):
        start = time.perf_counter()
        loss = train_epoch(model, optimizer, recipe, (images, labels), len(classes), rates)
        seconds += time.perf_counter() - start
        print(f"epoch {epoch + 1}, loss {loss:.4f}, {seconds:.0f} s of training", file=sys.stderr)
    versions = {"python": platform.python_version(), "torch": torch.__version__, "torchvision": torchvision.__version__}
    outcome = {"recipe": recipe["name"], "seed": arguments.seed, **evaluate(model, recipe, held), "seconds": seconds}
    print(json.dumps({**outcome, "versions": versions}))


if __name__ == "__main__":
    main()
