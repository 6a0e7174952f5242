"""llms.txt: what the site holds, for programs that read (https://llmstxt.org)."""

from pathlib import Path


def on_post_build(config) -> None:
    """Each language lists its own pages, in the order of the navigation."""
    sections = {"": config.site_name} | config.extra["sections"]
    text = [f"# {config.site_name}", "", f"> {config.site_description}"]
    for folder, title in sections.items():
        entries = [e for e in config.extra["entries"] if e.section == folder]
        text += ["", f"## {title}", ""]
        for entry in entries:
            file = config.extra["files"].get_file_from_path(entry.path)
            address = f"{config.site_url or ''}{file.url.removeprefix('./')}"
            meta = entry.meta
            text.append(f"- [{meta['title']}]({address}): {meta['description']}")
    place = Path(config.site_dir) / "llms.txt"
    place.write_text("\n".join(text) + "\n", encoding="utf-8")
