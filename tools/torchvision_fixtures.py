"""Record what torchvision's networks are and answer, for tests/test_models.py.

    python tools/torchvision_fixtures.py [--again] [environment]

torchvision is no dependency of the project: it is installed in a virtual environment
of its own, where this script then runs itself. For each builder of snippets/models
that has the name of one of torchvision's, it writes a file to
tests/fixtures/torchvision: the names and shapes of the state_dict, the number of
parameters, and the outputs for weights and images drawn from a seed. A network whose
file is there is left alone, unless told to record it `--again`.
"""

import argparse
import json
import subprocess
import sys
import types
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "torchvision"
TORCH, TORCHVISION = "2.13.0", "0.28.0"

NAMES = ROOT / "tests" / "fixtures" / "torchvision_names.json"

# The sides of the images, for networks that need others. Small ones are quick; an
# odd one tells apart two ways of rounding.
USUAL = (97,)
SIDES = {
    "alexnet": (160, 224),  # at 160, its adaptive pooling has something to average
    **dict.fromkeys(["vgg11", "vgg13", "vgg16", "vgg19"], (64,)),
    **dict.fromkeys(["vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"], (64,)),
    "googlenet": (64, 160),
    **dict.fromkeys(["resnet18", "resnet50", "densenet121"], (64, 65)),
    **dict.fromkeys(["resnet34", "resnet101", "resnet152"], (65,)),
    **dict.fromkeys(["densenet161", "densenet169", "densenet201"], (65,)),
    **dict.fromkeys(["mobilenet_v3_large", "mobilenet_v3_small"], (64, 65)),
    **{f"efficientnet_b{size}": (65,) for size in range(8)},
    # At 65 only the middle of a dilated kernel would see anything.
    "deeplabv3_resnet50": (297,),
    "deeplabv3_mobilenet_v3_large": (257,),
}
SEGMENTING = ("deeplabv3", "fcn", "lraspp")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "environment",
        nargs="?",
        type=Path,
        default=ROOT / ".cache" / "torchvision",
        help="where to make the virtual environment (default: %(default)s)",
    )
    parser.add_argument("--again", action="store_true", help="record all anew")
    options = parser.parse_args()
    environment = options.environment.resolve()
    if Path(sys.prefix) == environment:
        record_all(options.again)
    else:
        python = install(environment)
        again = ["--again"] if options.again else []
        subprocess.run([python, __file__, environment, *again], check=True)


def install(environment: Path) -> Path:
    """Make a virtual environment that has torchvision, and return its Python."""
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, f"torch=={TORCH}", "numpy", "pillow"], check=True)
    # Whatever build of torch this platform has must stay as it is.
    subprocess.run([*pip, "--no-deps", f"torchvision=={TORCHVISION}"], check=True)
    return python


def record_all(again: bool) -> None:
    # Without its C++ operators, which no network here needs, torchvision fails to
    # import: this module of it describes them to torch.
    registrations = "torchvision._meta_registrations"
    sys.modules[registrations] = types.ModuleType(registrations)
    sys.path[:0] = map(str, (ROOT, ROOT / "tests", ROOT / "snippets"))
    from builders import builders
    from torchvision.models import list_models

    names = list_models()
    NAMES.write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name in sorted({make.__name__ for make in builders()} & set(names)):
        path = FIXTURES / f"{name}.json"
        if again or not path.exists():
            fixture = record(name, SIDES.get(name, USUAL))
            path.write_text(to_json(fixture), encoding="utf-8")
            print(path.relative_to(ROOT))


def record(name: str, sides: tuple[int, ...]) -> dict:
    """Describe one network of torchvision and what it answers."""
    import torch
    from seeded_weights import seeded_images, seeded_state
    from torchvision import models

    with torch.device("meta"):
        # Left unsaid, a part of a network would fetch its weights.
        options = {"weights_backbone": None} if name.startswith(SEGMENTING) else {}
        model = models.get_model(name, weights=None, **options).eval()
    model.load_state_dict(seeded_state(model), assign=True)
    model.double()  # what float32 rounds depends on the processor
    outputs = []
    for side in sides:
        shape = (1, 3, side, side)
        with torch.inference_mode():
            answer = model(seeded_images(shape).double())
        logits = answer["out"] if isinstance(answer, dict) else answer
        outputs.append(
            {
                "images": shape,
                "logits": list(logits.shape),
                "first": [round_digits(x) for x in logits.flatten()[:8].tolist()],
                "sum": round_digits(logits.sum().item()),
                "largest": round_digits(logits.abs().max().item()),
            }
        )
    return {
        "torch": TORCH,
        "torchvision": TORCHVISION,
        "network": name,
        "parameters": sum(p.numel() for p in model.parameters()),
        "outputs": outputs,
        "state_dict": [[k, list(v.shape)] for k, v in model.state_dict().items()],
    }


def round_digits(number: float) -> float:
    """Keep as many digits as any processor agrees on, and some more."""
    return float(f"{number:.13g}")


def to_json(fixture: dict) -> str:
    """Write each item of a list on a line of its own, for readable differences."""
    lines = []
    for key, value in fixture.items():
        if isinstance(value, list):
            items = ",\n".join(f"    {json.dumps(item)}" for item in value)
            lines.append(f"  {json.dumps(key)}: [\n{items}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
