"""The fences that draw: ```diagram and ```layers, each with a few plain options."""

import yaml

from draw import figure, numbers, table
from draw.graph import Node, within
from draw.picture import DrawError
from draw.scene import DISTANCES, Scene, SceneError, scene
from markup.facts import Network, UnknownName, find

TEXTS = {"caption", "label", "without-label", "with-label"}  # in the page's language
OPTIONS = {
    "diagram": {
        *("network", "file", "part", "open", "distance", "training"),
        *("pair", "without", "with"),
        *TEXTS,
    },
    "layers": {"network", "file", "caption"},
}
KNOWN = (UnknownName, DrawError, SceneError, yaml.YAMLError)
GALLERY = "basics/pictures.md"


def custom_fences(page) -> list[dict]:
    """Superfences' entries for our fences, drawing for one page at a time."""
    return [fence("diagram", diagram, page), fence("layers", layers, page)]


def fence(name: str, draw, page) -> dict:
    def formatted(source, language, css_class, options, md, **_) -> str:
        line = page.figure_line(source)
        try:
            chosen = read(name, source)
            return page.insert(draw(chosen, page))
        except KeyError as error:
            page.fault(line, f"{name}: option {error} is missing")
        except Exception as error:  # superfences would hide it and print the source
            known = isinstance(error, KNOWN)
            said = "" if known else f"{type(error).__name__}: "
            page.fault(line, f"{name}: {said}{error}")
        return "<p>??</p>"

    return {"name": name, "class": name, "format": formatted}


def read(name: str, source: str) -> dict:
    chosen = yaml.safe_load(source)
    if not isinstance(chosen, dict):
        raise UnknownName("write its options as lines of `name: value`")
    for option in chosen:
        find(option, dict.fromkeys(OPTIONS[name]), "option")
    return chosen


def diagram(options: dict, page) -> str:
    shared = {
        "caption": page.inline(options.get("caption", "")),
        "legend": once(page),
    }
    if "pair" in options:
        file = options["pair"]
        sides = []
        for side in ("without", "with"):
            block = page.facts.network(options[side], file)
            sides.append(
                {
                    "scene": seen(block, {"distance": "layers"}, page),
                    "label": page.plain(options.get(f"{side}-label", block.name)),
                    "of": provenance(block),
                }
            )
        identity = page.identity(file.removesuffix(".py"), options["with"])
        return figure.pair(sides, page.language, identity=identity, **shared)
    network = page.facts.network(options["network"], options.get("file"))
    part = options.get("part", "")
    return figure.network(
        seen(network, options, page),
        page.language,
        name=page.plain(options.get("label", part or network.name)),
        identity=page.identity(network.name, part),
        block_at=lambda node: block_at(page, options, node),
        **shared,
    )


def scenes(options: dict, page) -> list[Scene]:
    """The one picture of a diagram's options, or the two of a pair."""
    if "pair" not in options:
        network = page.facts.network(options["network"], options.get("file"))
        return [seen(network, options, page)]
    blocks = [
        page.facts.network(options[side], options["pair"])
        for side in ("without", "with")
    ]
    return [seen(block, {"distance": "layers"}, page) for block in blocks]


def seen(network: Network, options: dict, page) -> Scene:
    opened = options.get("open", [])
    distance = options.get("distance", "")
    if distance:
        find(distance, dict.fromkeys(DISTANCES), "distance")
    drawn = scene(
        network.measured,
        options.get("part", ""),
        distance,
        tuple([opened] if isinstance(opened, str) else opened),
        bool(options.get("training")),
    )
    return drawn.called(page.blocks)


def once(page) -> str:
    """The legend, at a page's first picture."""
    if page.identities:
        return ""
    here = GALLERY in page.paths and not page.path.endswith(GALLERY)
    return figure.legend(page.language, page.address(GALLERY) if here else "")


def block_at(page, options: dict, node: Node) -> str:
    """The picture, on the same page, of a block that a box stands for."""
    if node.kind != "block":
        return ""
    for other in page.diagrams():
        same = all(other.get(key) == options.get(key) for key in ("network", "file"))
        part = other.get("part", "")
        if same and part != options.get("part", "") and within(part, node.path):
            return f"#{figure.named(options['network'], part)}"
    return ""


def layers(options: dict, page) -> str:
    network = page.facts.network(options["network"], options.get("file"))
    caption = page.plain(options.get("caption", network.name))
    return table.layers(network.measured, page.language, caption=caption)


def provenance(network: Network) -> str:
    return numbers.origin("measured", network.file, network.name)
