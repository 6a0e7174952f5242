"""U-Nets that go by one name, and how many parameters each has."""


def conv(kernel: int, seen: int, made: int, bias: bool, norm: bool) -> int:
    return kernel * kernel * seen * made + (bias + 2 * norm) * made  # (1)!


def unet(width=64, images=1, classes=2, bias=True, norm=False, up="transposed") -> int:
    bilinear = up == "bilinear"
    widths = [width * 2**level for level in range(4)]
    total, seen = 0, images
    for made in [*widths, widths[-1] * (1 if bilinear else 2)]:  # (2)!
        total += conv(3, seen, made, bias, norm) + conv(3, made, made, bias, norm)
        seen = made
    for made in reversed(widths):
        if up == "transposed":
            total += conv(2, seen, made, True, False)
        if up == "upsampled, 3x3":
            total += conv(3, seen, made, bias, norm)
        last = made // 2 if bilinear and made > width else made  # (3)!
        total += conv(3, 2 * made, made, bias, norm) + conv(3, made, last, bias, norm)
        seen = last
    return total + conv(1, seen, classes, True, False)


colour = {"images": 3, "classes": 1, "norm": True}  # (4)!
print(f"paper: {unet():,}")
print(f"paper, half as wide: {unet(width=32):,}")
print(f"colour, no bias: {unet(**colour, bias=False):,}")
print(f"colour, bias: {unet(**colour):,}")
print(f"colour, no bias, half as wide: {unet(32, **colour, bias=False):,}")
print(f"colour, bias, upsampled: {unet(**colour, up='upsampled, 3x3'):,}")
print(f"colour, bias, bilinear: {unet(**colour, up='bilinear'):,}")
print(f"colour, no bias, bilinear: {unet(**colour, bias=False, up='bilinear'):,}")
