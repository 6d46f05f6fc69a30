"""torchvision's ResNet with a recipe's width, variant and first weights."""

from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def network(classes, *, depth, variant, width, initializer, zeroGamma):
    block = BasicBlock if depth < 50 else Bottleneck
    model = ResNet(block, STAGES[depth], num_classes=classes)
    narrow(model, block, depth, width, classes)
    if variant == "A" and block is Bottleneck:
        stride_first(model)
    if variant in "CD":
        model.conv1 = deep_stem(width)
    if variant == "D":
        pool_shortcuts(model)
    initialize(model, initializer)
    if zeroGamma:
        for module in model.modules():
            if isinstance(module, block):
                nn.init.zeros_((module.bn2 if block is BasicBlock else module.bn3).weight)
    return model


def narrow(model, block, depth, width, classes):
    """Builds torchvision's parts anew: its own stem has 64 filters, whatever the stages have."""
    model.inplanes = width
    model.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
    model.bn1 = nn.BatchNorm2d(width)
    for stage, blocks in enumerate(STAGES[depth]):
        layer = model._make_layer(block, width * 2**stage, blocks, stride=1 if stage == 0 else 2)
        setattr(model, f"layer{stage + 1}", layer)
    model.fc = nn.Linear(width * 8 * block.expansion, classes)


def stride_first(model):
    """The bottleneck of 2015 strides in its first convolution."""
    for module in model.modules():
        if isinstance(module, Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, module.conv1.stride


def deep_stem(width):
    half = width // 2
    return nn.Sequential(
        *(nn.Conv2d(3, half, 3, 2, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True)),
        *(nn.Conv2d(half, half, 3, 1, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True)),
        nn.Conv2d(half, width, 3, 1, 1, bias=False),
    )


def pool_shortcuts(model):
    for module in model.modules():
        shortcut = getattr(module, "downsample", None)
        if shortcut is None:
            continue
        convolution, norm = shortcut
        pool = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False) if convolution.stride[0] > 1 else nn.Identity()
        convolution.stride = (1, 1)
        module.downsample = nn.Sequential(pool, convolution, norm)


def initialize(model, initializer):
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            if initializer == "glorotUniform":
                nn.init.xavier_uniform_(module.weight)
            elif isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    nn.init.zeros_(model.fc.bias)
