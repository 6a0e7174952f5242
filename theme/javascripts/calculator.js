// The form of the calculator: what is typed goes to `counting`, whose answer comes back
// as a sentence, a table and the arithmetic. The address holds what is typed, to share.

(() => {
  const PAUSE = 400; // milliseconds after the last key before the answer is read out
  const LONGEST = 24; // characters of a wrong entry that are repeated

  const { counts, grouped, decimal, percent, mebibytes } = counting;
  const form = document.querySelector(".calculator form");
  const told = form.querySelector("output");
  const answer = form.querySelector(".calculator__answer");
  const status = form.querySelector("[role=status]");
  const link = form.querySelector(".calculator__link");
  const words = JSON.parse(form.dataset.words);
  const say = (name, values) => filled(words.answers[name], values);

  function filled(text, values = {}) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function mode() {
    return form.elements.count.value;
  }

  function fieldset(name) {
    return form.querySelector(`fieldset[name="${name}"]`);
  }

  function inputs(place) {
    return [...place.querySelectorAll("input")];
  }

  // From the form to an answer

  function show() {
    for (const other of form.querySelectorAll(".calculator__mode")) {
      other.hidden = other.disabled = other.name !== mode();
    }
    const place = fieldset(mode());
    const { settings, faults } = read(place);
    const result = faults.length ? { faults } : counts[mode()](settings);
    mark(place, result.faults || []);
    if (result.faults) {
      tell(wrong(place));
      answer.replaceChildren();
      return;
    }
    const said = mode() === "layer" ? layer(result, settings) : pair(place, result);
    tell(said.sentence);
    answer.replaceChildren(...drawn(said));
  }

  // A sentence that has not changed is not read out again.
  function tell(sentence) {
    if (told.value !== sentence) {
      told.value = sentence;
    }
  }

  function read(place) {
    const settings = {};
    const faults = [];
    for (const { name, type, checked, value: text, dataset } of inputs(place)) {
      if (type === "checkbox") {
        settings[name] = checked;
        continue;
      }
      const { value, code } = counting.read(text, dataset.kind, BigInt(dataset.least));
      settings[name] = value;
      if (code) {
        faults.push({ field: name, code });
      }
    }
    return { settings, faults };
  }

  // Say beneath each entry what is wrong with it.
  function mark(place, faults) {
    for (const input of inputs(place).filter(({ type }) => type !== "checkbox")) {
      const found = faults.filter(({ field }) => field === input.name);
      const below = document.getElementById(`${input.id}-fault`);
      below.replaceChildren(...found.flatMap((fault) => explained(fault, input)));
      if (found.length) {
        input.setAttribute("aria-invalid", "true");
      } else {
        input.removeAttribute("aria-invalid");
      }
    }
  }

  function explained(fault, input) {
    const text = input.value.trim();
    const values = {
      text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
      least: input.dataset.least,
      most: grouped(counting.LARGEST),
    };
    for (const [name, value] of Object.entries(fault)) {
      const joined = name === "near" ? ", " : " × ";
      values[name] = [value].flat().map(grouped).join(joined);
    }
    const said = filled(words.faults[fault.code], values);
    if (!fault.torch) {
      return [said];
    }
    return [said, made("span", ` ${words.faults.torch} `), made("code", fault.torch)];
  }

  // What is said of an answer: a sentence, notes, a table of two designs, and the
  // arithmetic as lines of [name, terms, result]

  function wrong(place) {
    const names = inputs(place)
      .filter((input) => input.hasAttribute("aria-invalid"))
      .map((input) => input.labels[0].textContent);
    return say("wrong", { fields: names.join(", ") });
  }

  function layer({ params, macs, memory, shape, sides, unread }, { bias, norm }) {
    const [height, width] = sides;
    const [rows, columns] = unread.map(grouped);
    return {
      sentence: say("layer", {
        params: grouped(params.value),
        macs: grouped(macs.value),
        shape: shape.map(grouped).join(" × "),
      }),
      notes: [
        ...(bias && norm ? [say("cancelled")] : []),
        ...(unread.some(Boolean) ? [say("unread", { rows, columns })] : []),
      ],
      arithmetic: [
        worked(say("params"), params),
        worked(say("macs"), macs),
        ...(height.text === width.text
          ? [worked(say("sides"), height)]
          : [worked(say("height"), height), worked(say("width"), width)]),
        inBytes(say("memory"), memory),
      ],
    };
  }

  function pair(place, { designs, at, limit, left }) {
    const { one, other, sign } = place.dataset;
    const quantities = [
      ["params", grouped, worked],
      ["macs", grouped, worked],
      ["memory", mebibytes, inBytes],
    ];
    const lines = quantities.map(([name, , line]) =>
      [one, other].map((design, i) =>
        line(say("of", { quantity: say(name), design }), designs[i][name]),
      ),
    );
    const [before, after] = designs.map(({ params }) => params.value);
    const limits = limit?.text
      ? [[say("limit", { sign }), limit.text, decimal(limit.value)]]
      : [];
    return {
      sentence: say(verdict(before, after, limit), {
        other: other[0].toUpperCase() + other.slice(1),
        share: percent([after, before]),
        sign,
        at: grouped(at.value),
        limit: limit && decimal(limit.value),
      }),
      table: {
        head: [one, other, say("ratio")],
        rows: quantities.map(([name, written]) => ({
          name: say(name),
          written,
          values: designs.map((design) => design[name].value),
        })),
      },
      arithmetic: [
        ...lines[0],
        ...(left ? [[say("remains"), left.text, percent(left.value)]] : []),
        ...limits,
        ...lines.slice(1).flat(),
      ],
    };
  }

  function verdict(before, after, limit) {
    if (!limit) {
      return "never";
    }
    return after < before ? "less" : after > before ? "more" : "same";
  }

  function worked(name, { text, value }) {
    return [name, text, grouped(value)];
  }

  function inBytes(name, { text, value }) {
    const bytes = say("bytes", { bytes: grouped(value) });
    const size = mebibytes(value);
    return size.startsWith("<") ? [name, text, bytes] : [name, `${text} = ${bytes}`, size];
  }

  function drawn({ table, notes = [], arithmetic }) {
    const list = made("dl");
    for (const [name, terms, result] of arithmetic) {
      list.append(made("dt", name), made("dd", `${terms} = `, made("strong", result)));
    }
    return [...(table ? [compared(table)] : []), ...notes.map((n) => made("p", n)), list];
  }

  function compared({ head, rows }) {
    const table = made("table");
    table.className = "calculator__designs";
    const heads = head.map((name) => title(name, "col"));
    table.createTHead().append(made("tr", made("td"), ...heads));
    const body = table.createTBody();
    for (const { name, values, written } of rows) {
      const [before, after] = values;
      const longest = after > before ? after : before;
      const cells = values.map((value) => barred(written(value), value, longest));
      const ratio = made("td", percent([after, before]));
      body.append(made("tr", title(name, "row"), ...cells, ratio));
    }
    const frame = made("div", table); // scrolls by itself, by keyboard too
    frame.className = "calculator__frame";
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", head.slice(0, 2).join(", "));
    return frame;
  }

  function title(name, scope) {
    const cell = made("th", name);
    cell.scope = scope;
    return cell;
  }

  function barred(text, value, longest) {
    const bar = made("span");
    bar.className = "calculator__bar";
    bar.style.setProperty("--part", Number(value) / Number(longest));
    return made("td", text, bar);
  }

  function made(tag, ...children) {
    const element = document.createElement(tag);
    element.append(...children);
    return element;
  }

  // The address

  function query() {
    return `?${new URLSearchParams(new FormData(form))}`;
  }

  function remember() {
    try {
      history.replaceState(null, "", query() + location.hash);
    } catch {
      // some browsers refuse where there is no server; the link to copy holds it all
    }
  }

  function restore() {
    const given = new URLSearchParams(location.search);
    const wanted = given.get("count");
    const choice = [...form.elements.count].find(({ value }) => value === wanted);
    if (!choice) {
      return;
    }
    choice.checked = true;
    for (const input of inputs(fieldset(wanted))) {
      if (input.type === "checkbox") {
        input.checked = given.has(input.name);
      } else if (given.has(input.name)) {
        input.value = given.get(input.name);
      }
    }
  }

  async function copy() {
    const address = new URL(query(), location.href).href;
    const place = link.querySelector("input");
    try {
      await navigator.clipboard.writeText(address);
      link.hidden = true;
      status.textContent = say("copied");
    } catch {
      link.hidden = false;
      place.value = address;
      place.select();
      status.textContent = say("uncopied");
    }
  }

  let waiting;

  function update() {
    clearTimeout(waiting);
    status.textContent = "";
    link.hidden = true;
    show();
    remember();
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(update, PAUSE);
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button[type=button]").addEventListener("click", copy);

  restore();
  show();
  form.hidden = false;
  document.querySelector(".calculator__absent").remove();
})();
