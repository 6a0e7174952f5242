"""AlexNet (2012) layer by layer, with one formula for every layer."""

LAYERS = {  # kernel, input channels, output channels, groups
    "conv1": (11, 3, 96, 1),
    "conv2": (5, 96, 256, 2),
    "conv3": (3, 256, 384, 1),
    "conv4": (3, 384, 384, 2),
    "conv5": (3, 384, 256, 2),
    "fc6": (6, 256, 4096, 1),  # (1)!
    "fc7": (1, 4096, 4096, 1),  # (2)!
    "fc8": (1, 4096, 1000, 1),
}

total = 0
for name, (kernel, inputs, outputs, groups) in LAYERS.items():
    count = kernel * kernel * inputs // groups * outputs + outputs
    total += count
    print(f"{name}: {count:>10,}")
print(f"total: {total:,}")
