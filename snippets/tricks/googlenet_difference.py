"""What makes torchvision's GoogLeNet smaller than the published one."""

# Table 1 for the nine modules:
# #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj
MODULES = [
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
]
STEM = (64, 64, 192)  # (1)!

smaller = sum((5 * 5 - 3 * 3) * seen * made for *_, seen, made, _ in MODULES)  # (2)!
channels = sum(STEM) + sum(map(sum, MODULES))
print(f"weights that 3x3 kernels save over 5x5: {smaller:,}")
print(f"channels that convolutions make: {channels:,}")
