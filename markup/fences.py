"""The fences that draw: ```diagram and ```layers, each with a few plain options."""

import yaml

from draw import figure, numbers, table
from draw.picture import DrawError
from markup.facts import Network, UnknownName, find

LANGUAGE_OPTIONS = {"caption", "label", "without-label", "with-label"}
OPTIONS = {
    "diagram": {"network", "file", "pair", "without", "with"} | LANGUAGE_OPTIONS,
    "layers": {"network", "file", "caption"},
}


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
            known = isinstance(error, UnknownName | DrawError | yaml.YAMLError)
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
    caption = page.inline(options.get("caption", ""))
    if "pair" not in options:
        network = page.facts.network(options["network"], options.get("file"))
        name = page.plain(options.get("label", network.name))
        return figure.network(
            network.measured, page.language, name=name, caption=caption
        )
    sides = []
    for side in ("without", "with"):
        block = page.facts.network(options[side], options["pair"])
        sides.append(
            {
                "measured": block.measured,
                "label": page.plain(options.get(f"{side}-label", block.name)),
                "of": provenance(block),
            }
        )
    return figure.pair(sides, page.language, caption=caption)


def layers(options: dict, page) -> str:
    network = page.facts.network(options["network"], options.get("file"))
    caption = page.plain(options.get("caption", network.name))
    return table.layers(network.measured, page.language, caption=caption)


def provenance(network: Network) -> str:
    return numbers.origin("measured", network.file, network.name)
