"""YAML in which no name stands twice: else the last one would win in silence."""

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Refuses what it would overwrite; by libyaml, if PyYAML was built with it."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"'{key.value}' stands here a second time",
                    problem_mark=key.start_mark,
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load(text: str):
    """What a text says; raises yaml.YAMLError with the line of a fault."""
    return yaml.load(text, Loader)
