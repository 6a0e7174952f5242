"""Wrong input stops the build, says where and how to mend it, and harms no site.

Faults that one build names together are planted together: each is an error of its
own in the build's log, and any error stops the build.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

VGG = "docs/ko/architectures/vgg.md"
NOTEBOOK = "docs/ko/notebooks/alexnet-parameters.ipynb"

LINES = {
    "a word that has a better one": ("컨볼루션을 씁니다.", "word is '합성곱'"),
    "counts that differ": (
        '{{ closes(params("vgg19"), params("vgg16")) }}',
        "143,667,240 and 138,357,544 differ by 5,309,696",
    ),
    "unknown model": ('{{ params("vgg61") }}', "no model 'vgg61'; did you mean vgg1"),
    "unknown part": ('{{ params("vgg16", "featrues") }}', "did you mean features"),
    "unknown call": ('{{ parms("vgg16") }}', "did you mean params"),
    "broken call": ('{{ params("vgg16" }}', "is not a call"),
    "missing argument": ("{{ params() }}", "missing 1 required positional argument"),
    "unknown figure": (
        '{{ quote("vgg16.torchvision.top2") }}',
        "did you mean vgg16.torchvision.top",
    ),
    "unknown label": (
        '{{ out("stacked_3x3", "two 5x5") }}',
        "no label in tricks/stacked_3x3.out 'two 5x5'",
    ),
    "unequal formula": (
        '{{ formula("3*3*64", params("vgg16")) }}',
        "3*3*64 is 576, but the measurement gives 138,357,544",
    ),
    "typed count": ("파라미터는 61,100,840개입니다.", "'61,100,840' is typed by hand"),
    "typed round count": ("파라미터는 6,110만 개입니다.", "'6,110만' is typed by hand"),
    "typed millions": ("It has 61.1 M of them.", "'61.1 M' is typed by hand"),
    "typed percent": ("전체의 89.4 %입니다.", "'89.4 %' is typed by hand"),
    "typed ratio": ("AlexNet의 2.26배입니다.", "'2.26배' is typed by hand"),
    "typed result": ("$3 \\times 3 \\times 64 = 576$", "'= 576' is typed by hand"),
    "open brace": ("$\\frac{1}{2$입니다.", "braces that do not match"),
    "half a fraction": ("$\\frac{1}$입니다.", "lacks a part (mfrac)"),
    "broken formula": ("$\\left( x$입니다.", "is wrong: ExtraLeftOrMissingRight"),
    "unknown command": ("$\\nosuchcommand{x}$입니다.", "nosuchcommand"),
    "typed width": ("모두 2048개입니다.", "'2048' is typed by hand"),
    "typed times": ("It is 2.262x smaller.", "'2.262x' is typed by hand"),
    "typed bytes": ("It takes 240 MB.", "'240 MB' is typed by hand"),
    "typed in emphasis": ("It has **61.11** M.", "'61.11 M' is typed by hand"),
    "typed in underscores": ("__61,100,849__ of them", "'61,100,849' is typed"),
    "typed after a comment": ("<!-- x --> 61,100,847개", "'61,100,847' is typed"),
    "typed in a title": ('[x](vgg.md "61,100,843 of it")', "'61,100,843' is typed"),
    "typed beside signs": ("a < 5 and 61,100,850 > b", "'61,100,850' is typed"),
    "number alone": ("{{ calc(61100853) }}", "a number alone is no calculation"),
    "list in a line": ("보세요: {{ sources() }}", "needs a paragraph of its own"),
    "foreign picture": (
        '<img src="https://example.org/a.png" alt="">',
        "would load https://example.org/a.png",
    ),
    "heading without id": ("## 이름표 없는 제목", "has no id"),
}
BLOCKS = {
    "diagram of nothing": ("```diagram\nnetwork: vgg61\n```", "no model 'vgg61'"),
    "diagram of no module": (
        "```diagram\nnetwork: resnet50\npart: layer1.9\n```",
        "no module 'layer1.9'; did you mean layer1",
    ),
    "diagram of an unused module": (
        "```diagram\nnetwork: googlenet\npart: aux1\n```",
        "'aux1' is not used when the network runs",
    ),
    "unknown distance": (
        "```diagram\nnetwork: vgg16\ndistance: layer\n```",
        "no distance 'layer'; did you mean layers?",
    ),
    "unknown option": ("```diagram\nnetwrok: vgg16\n```", "no option 'netwrok'"),
    "missing option": (
        "```diagram\npair: tricks/stacked_3x3.py\nwithout: one_5x5\n```",
        "option 'with' is missing",
    ),
    "unknown block": (
        "```diagram\nfile: tricks/stacked_3x3.py\nnetwork: two_5x5\n```",
        "no block in tricks/stacked_3x3.py 'two_5x5'; did you mean",
    ),
    "broken options": ("```layers\nnetwork: [\n```", "layers: "),
    "caption": (
        "```diagram\ncaption: 모두 138,357,544개\nnetwork: vgg16\n```",
        "'138,357,544' is typed by hand",
    ),
    "unknown section": (
        '```python\n--8<-- "models/vgg.py:stage"\n```',
        "no section 'stage'; it has imports, vgg",
    ),
    "unknown snippet": (
        '```python\n--8<-- "models/vggg.py"\n```',
        "no snippet 'models/vggg.py'; did you mean models/vgg.py",
    ),
}
ANYWHERE = {
    "heading underlined": ("밑줄로 쓴 제목\n-------", "'밑줄로 쓴 제목' has no id"),
    "link in a link": ('[{{ params("vgg11") }}](alexnet.md)', "has a link already"),
    "call in indented code": ('    x {{ params("vgg11") }}', "indented code block"),
    "call in two lines": ('{{ params(\n"vgg16") }}', "call that was not answered"),
    "answer to no exercise": (
        '??? success "답"\n\n    여섯입니다.',
        "belongs under a numbered exercise",
    ),
    "after a fence": ("```text\nx\n``` \n\n모두 61,100,855개", "'61,100,855' is typed"),
    "after a fake fence": (
        "```x``` 다음\n\n모두 61,100,856개",
        "'61,100,856' is typed",
    ),
    "fence with a class": ("``` {.diagram}\nnetwork: vgg16\n```", "write the fence as"),
    "indented diagram": (
        "!!! note\n\n    ```diagram\n    network: vgg62\n    ```",
        "no model 'vgg62'",
    ),
}
LINKS = {
    "page": ("[없는 쪽](../architectures/nowhere.md)", "../architectures/nowhere.md"),
    "anchor": ("[없는 곳](vgg.md#nowhere)", "vgg.md#nowhere"),
}
IN_NOTEBOOK = {
    "anchor": ("[없는 곳](../basics/counting.md#lost)", "counting.md#lost"),
    "page": ("[없는 쪽](../basics/lost.md)", "../basics/lost.md"),
    "typed count": ("모두 61,100,841개", "cell 13, line 1: '61,100,841'"),
}


def assert_stopped(copy, ran) -> None:
    assert ran.returncode != 0, ran.stdout
    assert "Traceback" not in ran.stdout, ran.stdout
    good = copy.path("site/index.html").read_text(encoding="utf-8")
    assert good == "the last good site"


def assert_said(ran, *said: str) -> None:
    for text in said:
        assert text in ran.stdout, f"{text!r} is not in:\n{ran.stdout}"


def in_notebook(copy, kind: str, source: str, only: bool = False) -> None:
    path = copy.path(NOTEBOOK)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    number = len(notebook["cells"])
    cell = {"cell_type": kind, "id": f"planted-{number}", "metadata": {}}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    if only:  # what else the notebook does takes its time
        del notebook["cells"][1:]
    notebook["cells"].append(cell | {"source": source})
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


@pytest.fixture(scope="module")
def faulty(module_copy):
    """A build of pages full of faults: what it said, and the line of each fault."""
    lines = {
        name: module_copy.add(VGG, planted)
        for name, (planted, _) in (
            LINES | BLOCKS | ANYWHERE | {"-": LINKS["page"]}
        ).items()
    }
    module_copy.add(VGG, LINKS["anchor"][0])
    text = "\n\n".join(planted for planted, _ in IN_NOTEBOOK.values())
    in_notebook(module_copy, "markdown", IN_NOTEBOOK["typed count"][0] + "\n\n" + text)
    ran = module_copy.make_site()
    assert_stopped(module_copy, ran)
    return ran, lines


@pytest.mark.parametrize("name", LINES)
def test_a_fault_in_a_line_is_named_with_file_and_line(faulty, name):
    ran, lines = faulty
    place = f"{VGG}:{lines[name]}: "
    said = [line for line in ran.stdout.splitlines() if place in line]
    assert any(LINES[name][1] in line for line in said), f"{place}{said}"


@pytest.mark.parametrize("name", BLOCKS)
def test_a_fault_in_a_block_is_named_with_file_and_line(faulty, name):
    ran, lines = faulty
    place = f"{VGG}:{lines[name] + 1}: "
    said = [line for line in ran.stdout.splitlines() if place in line]
    assert any(BLOCKS[name][1] in line for line in said), f"{place}{said}"


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_fault_that_hides_in_markup_is_named(faulty, name):
    assert_said(faulty[0], f"{VGG}", ANYWHERE[name][1])


@pytest.mark.parametrize("name", LINKS)
def test_a_broken_link_is_named(faulty, name):
    assert_said(faulty[0], "architectures/vgg.md", LINKS[name][1])


@pytest.mark.parametrize("name", IN_NOTEBOOK)
def test_a_fault_in_the_text_of_a_notebook_is_named(faulty, name):
    assert_said(faulty[0], "notebooks/alexnet-parameters.ipynb", IN_NOTEBOOK[name][1])


def test_one_fault_alone_stops_the_build(copy):
    line = copy.add("docs/en/architectures/vgg.md", "It has 138 million.")
    ran = copy.make_site()
    assert_stopped(copy, ran)
    assert_said(ran, f"docs/en/architectures/vgg.md:{line}: '138 million' is typed")


def test_a_fence_that_is_never_closed_is_named(copy):
    line = copy.add(VGG, "```text\nx")
    ran = copy.make_site()
    assert_stopped(copy, ran)
    assert_said(ran, f"{VGG}:{line}: this fence is never closed")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (VGG, "order: 30", "order: [30", f"{VGG}: front matter: "),
        (VGG, "order: 30", "order: 30\norder: 40", "'order' stands here a second time"),
        (VGG, "order: 30", "order: last", f"{VGG}: front matter: `order` must be"),
        (VGG, "trick: ", "trik: ", f"{VGG}: front matter: year, network and trick"),
        (
            VGG,
            "vgg16_large_kernels:",
            "vgg16_larger_kernels:",
            f"{VGG}: front matter, without: there is no model 'vgg16_larger_kernels'",
        ),
        (
            "docs/ko/architectures/resnet.md",
            "BasicBlock: ",
            "BasicBlok: ",
            "resnet.md: front matter, blocks: there is no class of a module "
            "'BasicBlok'; did you mean BasicBlock",
        ),
        (
            "docs/ko/architectures/densenet.md",
            "blocks: {",
            "blocks: {Bottleneck: 좁은 블록, ",
            "another page calls Bottleneck '병목 블록': use one name",
        ),
        (
            VGG,
            "aliases: [",
            "explains: {one-by-one: stacked}\naliases: [",
            f"{VGG}: front matter, explains: there is no term in docs/glossary.yml",
        ),
        (
            VGG,
            "aliases: [",
            "explains: {batch: stackd}\naliases: [",
            f"{VGG}: front matter, explains: there is no heading {{#stackd}}",
        ),
        (
            VGG,
            "aliases: [",
            "aliases: [resnet, ",
            "docs/ko/architectures/resnet.md: docs/ko/architectures/vgg.md, too, is "
            "called 'ResNet': one of them must give way",
        ),
        (
            "docs/quoted.yml",
            "unit: GB, source: k",
            "unit: GB, sorce: k",
            "has no 'source'",
        ),
        ("docs/quoted.yml", "sources:", "sources: [", "docs/quoted.yml: "),
        ("docs/quoted.yml", "figures:", "sources: {}\nfigures:", "a second time"),
        (
            "snippets/models/vgg.py",
            "class VGG",
            "class (VGG",
            "snippets/models/vgg.py:",
        ),
        (NOTEBOOK, '"cells"', '"cells', f"{NOTEBOOK}: not a notebook"),
        (
            NOTEBOOK,
            "models/alexnet.py",
            "models/alexnett.py",
            f"{NOTEBOOK}: there is no",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(copy, file, old, new, said):
    copy.replace(file, old, new)
    ran = copy.make_site()
    assert_stopped(copy, ran)
    assert_said(ran, said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('planted')", "code cell 1: ValueError: planted"),
        ("import warnings\nwarnings.warn('odd')", "code cell 1 warns"),
    ],
)
def test_a_notebook_cell_that_raises_or_warns_is_named(copy, source, said):
    in_notebook(copy, "code", source, only=True)
    ran = copy.make_site()
    assert_stopped(copy, ran)
    assert_said(ran, f"{NOTEBOOK}: {said}")


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder for PATH that has what make needs, and no dot."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("rm", "mv", "sh", "env", "make", "fc-list", "uname", "git"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


def test_set_up_names_a_missing_dot(copy, programs):
    ran = copy.make_site(PATH=str(programs))
    assert_stopped(copy, ran)
    assert_said(ran, "setup: ", "Graphviz")


def test_the_build_names_a_missing_dot(copy, programs, tmp_path):
    build = ("-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "x"))
    ran = copy.run(sys.executable, *build, PATH=str(programs))
    assert_stopped(copy, ran)
    assert_said(ran, "Graphviz (`dot`) is not installed: run `make setup`")


def test_a_picture_that_graphviz_refuses_is_named(copy, tmp_path):
    dot = tmp_path / "dot"
    dot.write_text(
        '#!/bin/sh\ncase "$1" in\n-V) echo "dot - graphviz version 0.1.0 (0)" >&2 ;;\n'
        '*) echo "syntax error in line 1" >&2; exit 1 ;;\nesac\n'
    )
    dot.chmod(0o755)
    ran = copy.make_site(PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert_stopped(copy, ran)
    assert_said(ran, f"{VGG}:", "refuses the picture", "syntax error in line 1")


def test_a_snippet_that_cannot_be_measured_is_named(copy):
    copy.add("snippets/models/vgg.py", "raise ValueError('planted')")
    ran = copy.make_site()
    assert ran.returncode != 0
    assert_said(ran, "models/vgg.py", "ValueError: planted")


def test_twins_that_differ_are_named(copy):
    copy.replace(VGG, "{#cost}", "{#price}")
    copy.replace("docs/en/index.md", "Where to begin", "Where to start")
    copy.replace("docs/ko/architectures/alexnet.md", "digits=2) }}", "digits=3) }}")
    copy.path("docs/en/basics/counting.md").unlink()
    ran = copy.test("tests/test_twins.py")
    assert ran.returncode != 0
    assert_said(
        ran,
        "architectures/vgg.md: the headings differ",
        "index.md: #start changed in en: compare the two languages",
        "architectures/alexnet.md#mistakes: calls differ",
        "docs/en/basics/counting.md is missing",
    )


def test_code_that_is_not_what_a_page_shows_is_named(copy):
    copy.replace(VGG, "(1, 1, 5, 5)", "(1, 1, 5, 6)")
    copy.replace("snippets/tricks/stacked_3x3.out", "294,912", "294,913")
    copy.add("docs/ko/index.md", "~~~python\nprint(1)\n~~~")
    copy.add("docs/en/index.md", "> ```python\n> print(1)\n> ```")
    copy.add(
        "docs/en/basics/counting.md",
        "<!--pytest.mark.skip-->\n\n```python\nimport torch\n```",
    )
    tests = ("tests/test_code.py", "tests/test_tricks.py")
    ran = copy.test(*tests, VGG, "-k", "prints or fence or line")
    assert ran.returncode != 0
    assert_said(
        ran,
        "(1, 1, 5, 6)",
        f"{VGG}::line",
        "stacked_3x3: run `make update`",
        "docs/ko/index.md shows Python code that no test runs",
        "docs/en/index.md shows Python code that no test runs",
        "docs/en/basics/counting.md: the block in line",
    )
