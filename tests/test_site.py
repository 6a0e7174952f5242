"""The built site: whole, bilingual, self-contained, and right when published."""

import json
import re
from pathlib import Path

import pytest
from lxml import etree, html

from draw import numbers
from markup import rendered
from markup.facts import Facts
from markup.finish import Finisher
from markup.values import Calls, answer
from tools import pages

ADDRESS = "https://example.org/diet/"


def built(site: Path) -> dict[str, Path]:
    """Every page of the site by its address."""
    return {
        path.parent.relative_to(site).as_posix().removeprefix(".") + "/": path
        for path in sorted(site.rglob("index.html"))
    }


def language_of(address: str) -> str:
    return "en" if address.startswith("en/") else "ko"


def test_every_page_is_there_in_both_languages(site):
    addresses = {address.strip("/") for address in built(site)}
    korean = {a for a in addresses if not (a == "en" or a.startswith("en/"))}
    assert len(korean) == len(pages.paths("ko"))
    assert {f"en/{address}".strip("/") for address in korean} == addresses - korean


def test_nothing_foreign_is_loaded(site):
    links = "//link[not(@rel='canonical' or @hreflang)]/@href"
    loading = f"//@src | //@srcset | //@poster | //@data | //@style | {links}"
    for page in site.rglob("*.html"):
        tree = html.parse(page)
        pictures = "//*[local-name()='use' or local-name()='image']/@*"
        for value in tree.xpath(f"{loading} | {pictures} | //style/text()"):
            assert not rendered.ADDRESS.search(value), f"{page} loads {value}"
    for style in site.rglob("*.css"):
        for address in re.findall(
            r"(?:url\(|@import\s)[\"']?([^\"')]+)", style.read_text(encoding="utf-8")
        ):
            assert not rendered.ADDRESS.search(address), f"{style} loads {address}"


def test_what_loads_from_elsewhere_is_seen():
    for fault in (
        '<p style="background:url(https://example.org/a.png)">',
        '<audio src="//example.org/a.mp3"></audio>',
        '<img srcset="https://example.org/b.png 2x" alt="">',
    ):
        said = [wrong for _, wrong in rendered.faults(fault, set())]
        assert any("would load" in wrong for wrong in said), fault
    assert not list(rendered.faults('<a href="https://example.org">x</a>', set()))


def test_ids_are_unique_and_the_same_in_both_languages(site):
    headings = "//h1/@id | //h2/@id | //h3/@id | //h4/@id"
    for address, page in built(site).items():
        ids = html.parse(page).xpath("//@id")
        twice = {name for name in ids if ids.count(name) > 1}
        assert not twice, f"{address}: {twice}"
        if language_of(address) == "ko":
            twin = html.parse(site / "en" / page.relative_to(site))
            assert html.parse(page).xpath(headings) == twin.xpath(headings), address


def test_material_asks_no_host_about_the_repository(published):
    """Its script fetches stars and facts for what is marked as a source."""
    for page in published.rglob("*.html"):
        assert 'data-md-component="source"' not in page.read_text(encoding="utf-8")


def test_every_page_says_what_it_is(site):
    for address, page in built(site).items():
        tree = html.parse(page)
        language = language_of(address)
        assert tree.getroot().get("lang") == language
        assert len(tree.xpath("//h1")) == 1, address
        (description,) = tree.xpath("//meta[@name='description']/@content")
        assert len(description) > 20
        hangul = re.search("[가-힣]", description)
        assert bool(hangul) == (language == "ko"), description
        assert "data-insert" not in page.read_text(encoding="utf-8")
        assert "{{" not in tree.xpath("//main")[0].text_content()
        assert "??" not in tree.xpath("//main")[0].text_content()


def test_the_language_switch_stays_on_the_page(site):
    for address, page in built(site).items():
        (link,) = html.parse(page).xpath("//*[contains(@class,'language-switch')]/a")
        twin = (page.parent / link.get("href") / "index.html").resolve()
        assert twin.exists(), address
        assert link.get("hreflang") != language_of(address)
        path = address.removeprefix("en/")
        assert (
            twin
            == (
                site
                / ("" if language_of(address) == "en" else "en")
                / path.lstrip("/")
                / "index.html"
            ).resolve()
        )


def test_english_pages_hold_no_korean_but_names(site):
    for address, page in built(site).items():
        if language_of(address) == "en":
            (main,) = html.parse(page).xpath("//main")
            for code in main.xpath(".//code | .//svg | .//*[@lang='ko']"):
                code.text = ""
                for child in list(code):
                    code.remove(child)
            found = re.findall("[가-힣]+", main.text_content())
            assert not found, f"{address}: {found}"


def test_numbers_say_where_they_are_from(site):
    page = html.parse(site / "architectures/vgg/index.html")
    number = page.xpath("//span[@class='number'][.//data/@value='138357544']")[0]
    why = number.xpath("./span[@class='number__why']")[0]
    assert "vgg16()" in why.text_content()
    (link,) = why.xpath(".//a/@href")
    assert link.endswith("#code-models-vgg")
    value = number.xpath("./span[@class='number__value']")[0]
    assert value.get("tabindex") == "0"
    assert value.get("aria-describedby") == why.get("id")
    quoted = page.xpath("//span[@class='number'][.//data/@value='71.592']")[0]
    assert "torchvision 0.28" in quoted.text_content()


def test_both_languages_show_the_same_numbers(site):
    for address, page in built(site).items():
        if language_of(address) == "ko":
            twin = site / "en" / page.relative_to(site)
            values = [
                sorted(html.parse(p).xpath("//main//data/@value")) for p in (page, twin)
            ]
            assert values[0] == values[1], address


def test_each_language_has_its_own_search(site):
    for folder, word in (("", "합성곱"), ("en", "convolution")):
        path = site / folder / "search" / "search_index.json"
        index = json.loads(path.read_text(encoding="utf-8"))
        text = " ".join(entry["text"] for entry in index["docs"])
        assert word in text
        assert "138,357,544" in text
        places = [entry["location"] for entry in index["docs"]]
        assert len(places) == len(set(places)), "a place twice breaks every search"
        assert all("#" not in p or p.split("#")[1] for p in places)


def test_the_404_pages_speak_both_languages(site, published):
    for page in ("404.html", "en/404.html"):
        text = html.parse(site / page).xpath("//main")[0].text_content()
        assert "없습니다" in text
        assert "no such page" in text
    links = html.parse(published / "404.html").xpath("//main//section//a/@href")
    assert links == ["/diet/", "/diet/en/"]
    styles = html.parse(published / "404.html").xpath("//link[@rel='stylesheet']/@href")
    assert all(
        address.startswith("/diet/assets/") or address.startswith("/diet/style")
        for address in styles
    )


def test_code_that_speaks_of_inserts_ends_the_page_all_the_same():
    finish = Finisher(Facts(), "en", "2.13.0")
    page = (
        '<code>&lt;div data-insert=&quot;0&quot;&gt;</code><div data-insert="0"></div>'
    )
    assert finish(page, ["in"], str, str) == page.split("<div")[0] + "in"


@pytest.mark.parametrize(
    ("page", "glued"),
    [
        ("망(network)은", "망(network)&#8288;은"),
        ("<b>망(network)</b>은", "<b>망(network)</b>&#8288;은"),
        ("<code>a)b</code>는", "<code>a)b</code>&#8288;는"),
        ("<math><mi>m</mi></math>개", "<math><mi>m</mi></math>&#8288;개"),
        ("<code>a</code> 그리고 (망) 하나", None),
        ("<pre><code># (a)는</code></pre>", None),
        ('<a title="(a)는">(a)</a>', None),
    ],
)
def test_no_line_begins_with_a_korean_ending(page, glued):
    assert Finisher(Facts(), "ko", "2.13.0")(page, [], str, str) == (glued or page)
    assert Finisher(Facts(), "en", "2.13.0")(page, [], str, str) == page


def test_nor_with_one_behind_a_percentage():
    page = '<data value="1" data-of="calc;;1">1 %</data>{}'
    for text, glued in (("입니다", True), (" 입니다", False)):
        shown = Finisher(Facts(), "ko", "2.13.0")(page.format(text), [], str, str)
        assert shown.endswith(f"</span>{'&#8288;' if glued else ''}{text}")


def test_a_calculation_with_a_quoted_figure_leads_to_its_source():
    facts = Facts()
    value = answer(
        '{{ calc(quote("vgg.cs231n.params") - params("vgg16")) }}', Calls(facts, "en")
    )
    number = numbers.data(value.number, value.shown(), value.of)
    shown = Finisher(facts, "en", "2.13.0")(number, [], str, str)
    assert facts.source("cs231n")["url"] in shown
    assert "snippets/cs231n" not in shown


def test_formulas_are_mathml(site):
    page = html.parse(site / "basics/counting/index.html")
    assert len(page.xpath("//*[local-name()='math']")) > 5
    assert not page.xpath("//*[contains(text(), '\\frac')]")


def test_notebook_outputs_stand_under_their_cells(site):
    """And speak the language of their page."""
    for folder, word in (("", "파라미터"), ("en", "parameters")):
        page = html.parse(site / folder / "notebooks/alexnet-parameters/index.html")
        outputs = page.xpath("//div[@class='cell-output']")
        assert len(outputs) == 3
        assert "60,965,224" in outputs[0].text_content()
        assert "724,406,816" in outputs[1].text_content()
        plot = outputs[2].xpath(".//svg")
        assert len(plot) == 1
        assert word in plot[0].text_content()
        assert word in plot[0].get("aria-label")
        assert "currentColor" in html.tostring(plot[0], encoding="unicode")
        before = [out.xpath("preceding::code[1]")[0].text_content() for out in outputs]
        assert "parameters[name] = count" in before[0]
        assert "FlopCounterMode" in before[1]
        assert "savefig" in before[2]


def test_a_downloaded_notebook_is_the_readers_own(site, published):
    for root, folder in ((site, ""), (site, "en"), (published, "")):
        place = root / folder / "notebooks/alexnet-parameters"
        (link,) = html.parse(place / "index.html").xpath(
            "//a[@download and contains(@href, 'ipynb')]/@href"
        )
        notebook = json.loads((place / link).read_text(encoding="utf-8"))
        text = "".join("".join(cell["source"]) for cell in notebook["cells"])
        assert "60,965,224" in text
        for left in ("{{", "{#", "8<", ".md)", "order:"):
            assert left not in text, left
    assert f"{ADDRESS}architectures/alexnet/" in text


def test_without_an_address_nothing_claims_one(site):
    assert not (site / "sitemap.xml").exists()
    for page in site.rglob("index.html"):
        tree = html.parse(page)
        assert not tree.xpath("//link[@rel='canonical' or @hreflang]")
        assert not tree.xpath("//a[@rel='edit']")
        assert not tree.xpath("//a[contains(@href, '/issues/new')]")


@pytest.mark.parametrize(
    "path", ["", "basics/counting/", "notebooks/alexnet-parameters/"]
)
def test_with_an_address_pages_know_theirs(published, path):
    for folder, language in (("", "ko"), ("en/", "en")):
        tree = html.parse(published / folder / path / "index.html")
        (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
        assert canonical == ADDRESS + folder + path
        twins = {
            link.get("hreflang"): link.get("href")
            for link in tree.xpath("//link[@hreflang]")
            if link.get("rel").split() == ["alternate"]
        }
        assert twins == {"ko": ADDRESS + path, "en": f"{ADDRESS}en/{path}"}
        (edit,) = tree.xpath("//a[@rel='edit']/@href")
        source = re.search(r"/edit/main/(docs/.*)$", edit)[1]
        assert source.startswith(f"docs/{language}/")
        assert (pages.DOCS.parent / source).exists()
        (report,) = tree.xpath("//a[contains(@href, '/issues/new')]/@href")
        assert f"docs/{language}/" in report.replace("%2F", "/")


def test_the_sitemap_has_both_languages(published):
    tree = etree.parse(published / "sitemap.xml")
    places = tree.xpath("//*[local-name()='loc']/text()")
    expected = [ADDRESS + address.lstrip("/") for address in built(published)]
    assert sorted(places) == sorted(expected)
    links = tree.xpath("//*[local-name()='link']/@hreflang")
    assert len(links) == 2 * len(places)


def test_a_strip_leads_to_its_blocks_and_other_boxes_to_their_rows(site):
    for folder in ("", "en/"):
        tree = html.parse(site / folder / "basics/pictures/index.html")
        (strip,) = tree.xpath("//figure[@id='figure-resnet50']")
        links = strip.xpath(".//*[local-name()='svg']//*[local-name()='a']/@href")
        assert "#figure-resnet50-layer1-1" in links, "the block is on the page"
        assert "#figure-resnet50-6" in links, "layer3 is not: its row"


def test_the_scale_of_pictures_is_told_once_a_page(site):
    for page in site.rglob("index.html"):
        tree = html.parse(page)
        figures = tree.xpath("//figure[contains(@class, 'diagram')]")
        assert len(tree.xpath("//aside[@class='legend']")) == bool(figures), page


def test_sorting_tables_is_an_extra(site):
    """The table stands in the page; a file of our own makes its columns buttons."""
    tree = html.parse(site / "architectures/vgg/index.html")
    assert tree.xpath("//table[@class='layers__table']//td")
    scripts = tree.xpath("//script/@src")
    assert any(script.endswith("javascripts/tables.js") for script in scripts)


def test_the_page_that_compares_has_every_model_of_every_architecture(site):
    tree = html.parse(site / "compare/index.html")
    named = tree.xpath("//table[@class='layers__table']/tbody/tr/th/code/text()")
    expected = []
    for path in pages.paths("ko"):
        meta = pages.read(pages.DOCS / "ko" / path).meta
        expected += meta.get("models", [meta["network"]] if "network" in meta else [])
    assert sorted(named) == sorted(expected)
    assert len(named) == len(set(named)) > 5
    cells = tree.xpath("//ol[@class='without']//data/@value")
    assert {"60965224", "62378344", "200425832"} <= set(cells)
