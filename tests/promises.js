// What a page promises, as the browser that shows it measures it. See promises.py.

window.promises = {
  open() {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    document.querySelectorAll(".md-sidebar__scrollwrap").forEach((list) => list.scrollTo(0, 0));
  },

  // A page has up to ten thousand texts, most of them in tables. What has the same colour
  // before the same background has the same contrast: axe measures one of each kind.
  choose() {
    const behind = new Map();
    const kinds = new Set();
    for (const element of document.body.querySelectorAll("*")) {
      const style = getComputedStyle(element);
      const { backgroundColor, backgroundImage, opacity, position } = style;
      const own = [backgroundColor, backgroundImage, opacity, position].join();
      const below = behind.get(element.parentElement) ?? "";
      const clear = own === "rgba(0, 0, 0, 0),none,1,static";
      behind.set(element, clear ? below : `${below} ${own}`);
      const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === 3);
      if (texts.some(({ data }) => data.trim()) && element.checkVisibility()) {
        const large = parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.66 : 24);
        const { color, textDecorationLine, textShadow } = style;
        const looks = [color, large, textDecorationLine, textShadow];
        const kind = [...looks, behind.get(element)].join();
        if (!kinds.has(kind)) {
          element.setAttribute("data-measured", "");
        }
        kinds.add(kind);
      }
    }
  },

  // Once the other rules are done with it, all else only takes time.
  leaveChosen() {
    const kept = new Set();
    for (const chosen of document.querySelectorAll("[data-measured]")) {
      for (let element = chosen; element; element = element.parentElement) {
        kept.add(element);
      }
    }
    for (const element of document.querySelectorAll("article *")) {
      if (!kept.has(element) && !element.closest("[data-measured]")) {
        element.remove();
      }
    }
  },

  async barriers(rules) {
    // Points lie where their values put them: WCAG lets other links stand in for theirs.
    const others = [...document.links].filter((link) => !link.closest(".chart__points"));
    const known = new Set(others.map(({ href }) => href));
    for (const point of document.querySelectorAll(".chart__points a")) {
      point.toggleAttribute("data-again", known.has(point.href));
    }
    axe.configure({
      rules: [
        { id: "color-contrast", selector: "[data-measured]" },
        { id: "target-size", selector: ":not([data-again])" },
      ],
    });
    const { violations } = await axe.run({
      ...rules,
      resultTypes: ["violations"],
      preload: false,
      selectors: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message);
        return `${id}: ${html.slice(0, 200)}: ${why.join("; ")}`;
      }),
    );
  },

  textsOutside() {
    const outside = [];
    for (const box of document.querySelectorAll(".diagram svg .box")) {
      const whole = around([...box.querySelectorAll("path, polygon, ellipse")]);
      for (const text of box.querySelectorAll("text")) {
        if (!within(ink(text), whole, 1)) {
          const figure = box.closest("figure").id;
          outside.push(`${figure}: '${text.textContent}' leaves its box`);
        }
      }
    }
    for (const text of document.querySelectorAll("main svg text")) {
      const picture = text.ownerSVGElement.getBoundingClientRect();
      if (text.checkVisibility() && !within(ink(text), picture, 2)) {
        outside.push(`'${text.textContent}' is cut off by its picture`);
      }
    }
    return outside;
  },

  wider() {
    const { scrollWidth, clientWidth } = document.documentElement;
    const out = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return scrollWidth <= clientWidth
      ? []
      : [`${scrollWidth} px wide`, ...out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120))];
  },
};

function around(forms) {
  const places = forms.map((form) => form.getBoundingClientRect());
  return {
    left: Math.min(...places.map(({ left }) => left)),
    right: Math.max(...places.map(({ right }) => right)),
    top: Math.min(...places.map(({ top }) => top)),
    bottom: Math.max(...places.map(({ bottom }) => bottom)),
  };
}

// A line of text reaches about 0.75 em above its base line.
function ink(text) {
  const { left, right } = text.getBoundingClientRect();
  const { d: scale, f: shift } = text.getScreenCTM();
  const bottom = shift + scale * (text.y.baseVal[0]?.value ?? 0);
  const size = scale * parseFloat(getComputedStyle(text).fontSize);
  return { left, right, top: bottom - 0.75 * size, bottom };
}

function within(part, whole, slack) {
  return (
    part.left >= whole.left - slack &&
    part.right <= whole.right + slack &&
    part.top >= whole.top - slack &&
    part.bottom <= whole.bottom + slack
  );
}
