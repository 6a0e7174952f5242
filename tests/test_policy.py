"""The Content-Security-Policy: stated by every page, kept by it, and strict."""

from browsing import serving, visiting

from hooks.policy import HEAD, policy

PAGE = f"""<!doctype html><html><head>{HEAD}{{policy}}<title>x</title>
<link rel="icon" href="data:,"></head><body>
<script>document.title = "known"</script>{{planted}}</body></html>"""


def test_every_page_states_it_before_anything_runs(site):
    for page in site.rglob("*.html"):
        head = page.read_text(encoding="utf-8").split("<script", 1)[0]
        assert 'http-equiv="Content-Security-Policy"' in head, page
        assert "default-src 'none'" in head
        assert "script-src 'self' 'sha256-" in head
        scripts = head.split("script-src", 1)[1].split(";", 1)[0]
        assert "unsafe" not in scripts


def test_a_script_that_is_not_ours_does_not_run(browser, tmp_path):
    known = PAGE.format(policy="", planted="")
    stated = f'<meta http-equiv="Content-Security-Policy" content="{policy(known)}">'
    planted = '<script>document.title = "planted"</script>'
    for name, extra in (("known", ""), ("planted", planted)):
        (tmp_path / name).mkdir()
        text = PAGE.format(policy=stated, planted=extra)
        (tmp_path / name / "index.html").write_text(text)
    with serving(tmp_path) as address, visiting(browser, address) as visit:
        assert visit.open("known/").title() == "known"
        assert not visit.errors
        assert visit.open("planted/").title() == "known"
        assert "Content Security Policy" in visit.errors[0]
