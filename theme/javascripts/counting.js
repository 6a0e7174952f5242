// The calculator's arithmetic: settings in, counts out. It knows neither the form nor a
// language. Whole numbers are BigInt, so that none is ever rounded.

const counting = (() => {
  const LARGEST = 1000000n;
  const FLOAT32 = 4n; // bytes

  // What somebody typed: 64, or 1,024; for a size also 1x7, height first.

  const WHOLE = "(-?(?:\\d{1,3}(?:,\\d{3})+|\\d+))";
  const FORMS = {
    number: new RegExp(`^${WHOLE}$`),
    size: new RegExp(`^${WHOLE}(?:\\s*[x×*]\\s*${WHOLE})?$`, "i"),
  };

  // A number, or a size as [height, width]; or the `code` of what is wrong.
  function read(text, kind, least) {
    const typed = text.normalize("NFKC").replaceAll("−", "-").trim();
    if (!typed) {
      return { code: "empty" };
    }
    const found = FORMS[kind].exec(typed);
    if (!found) {
      return { code: kind };
    }
    const [one, other = one] = found.slice(1).filter(Boolean).map(whole);
    if (one < least || other < least) {
      return { code: "small" };
    }
    if (one > LARGEST || other > LARGEST) {
      return { code: "large" };
    }
    return { value: kind === "size" ? [one, other] : one };
  }

  function whole(digits) {
    return BigInt(digits.replaceAll(",", ""));
  }

  // Arithmetic that keeps its value and how it is written, so that the two agree.
  // `binds` says when it needs brackets inside of another.

  const [SUM, QUOTIENT, PRODUCT, ALONE] = [0, 1, 2, 3];

  function term(x) {
    return typeof x === "bigint" ? { value: x, text: grouped(x), binds: ALONE } : x;
  }

  function inside(x, binds) {
    return x.binds >= binds ? x.text : `(${x.text})`;
  }

  function product(...given) {
    const factors = given.map(term);
    return {
      value: factors.reduce((all, x) => all * x.value, 1n),
      text: factors.map((x) => inside(x, PRODUCT)).join(" × "),
      binds: PRODUCT,
    };
  }

  function sum(...given) {
    const terms = given.map(term);
    if (terms.length === 1) {
      return terms[0];
    }
    return {
      value: terms.reduce((all, x) => all + x.value, 0n),
      text: terms.map((x) => x.text).join(" + "),
      binds: SUM,
    };
  }

  function minus(...given) {
    const [first, ...rest] = given.map(term);
    return {
      value: rest.reduce((left, x) => left - x.value, first.value),
      text: [first.text, ...rest.map((x) => inside(x, QUOTIENT))].join(" − "),
      binds: SUM,
    };
  }

  // Where nothing is left over.
  function divided(one, other) {
    const [above, below] = [term(one), term(other)];
    return {
      value: above.value / below.value,
      text: `${inside(above, PRODUCT)} ÷ ${inside(below, ALONE)}`,
      binds: QUOTIENT,
    };
  }

  function floored(one, other) {
    const { value, text } = divided(one, other);
    return { value, text: `⌊${text}⌋`, binds: ALONE };
  }

  // Two numbers that need not divide; the value stays exact as [above, below].
  function fraction(one, other) {
    return {
      value: [one.value, other.value],
      text: `${inside(one, PRODUCT)} ÷ ${inside(other, ALONE)}`,
    };
  }

  // One convolution, with a bias or without, and batch norm behind it or not.

  function layer(settings) {
    const faults = [...ungrouped(settings), ...outside(settings)];
    if (faults.length) {
      return { faults };
    }
    const { maps, out, kernel, stride, padding, dilation, groups } = settings;
    const reach = [0, 1].map((i) => span(kernel[i], dilation[i]));
    const sides = [0, 1].map((i) => {
      const around = product(2n, padding[i]);
      const reached = product(dilation[i], minus(kernel[i], 1n));
      const free = minus(sum(maps[i], around), reached, 1n);
      return sum(floored(free, stride[i]), 1n);
    });
    const size = sides.map((side) => side.value);
    const each = groups > 1n ? divided(settings.in, groups) : settings.in;
    const weights = [...kernel, each, out];
    const params = [product(...weights)];
    if (settings.bias) {
      params.push(term(out));
    }
    if (settings.norm) {
      params.push(product(2n, out)); // a scale and a shift for each channel
    }
    return {
      shape: [out, ...size],
      sides,
      params: sum(...params),
      macs: product(...weights, ...size),
      memory: product(...(settings.norm ? [2n] : []), out, ...size, FLOAT32),
      unread: [0, 1].map((i) => (padded(maps[i], padding[i]) - reach[i]) % stride[i]),
    };
  }

  function span(kernel, dilation) {
    return dilation * (kernel - 1n) + 1n;
  }

  function padded(map, padding) {
    return map + 2n * padding;
  }

  // What torch says when it builds the layer.
  function ungrouped({ in: inputs, out, groups }) {
    const code = inputs % groups ? "in" : out % groups ? "out" : "";
    if (!code) {
      return [];
    }
    const torch = `${code}_channels must be divisible by groups`;
    const near = nearDivisors(common(inputs, out), groups);
    const channels = code === "in" ? inputs : out;
    return [{ field: "groups", code, torch, channels, groups, near }];
  }

  // What torch says when maps arrive.
  function outside({ maps, kernel, padding, dilation }) {
    const reach = [0, 1].map((i) => span(kernel[i], dilation[i]));
    const room = [0, 1].map((i) => padded(maps[i], padding[i]));
    if (reach.every((side, i) => side <= room[i])) {
      return [];
    }
    const torch =
      `Calculated padded input size per channel: (${room.join(" x ")}). ` +
      `Kernel size: (${reach.join(" x ")}). ` +
      "Kernel size can't be greater than actual input size";
    const enough = [0, 1].map((i) => {
      const lacking = reach[i] > maps[i] ? (reach[i] - maps[i] + 1n) / 2n : 0n;
      return lacking > padding[i] ? lacking : padding[i];
    });
    return [{ field: "kernel", code: "kernel", torch, reach, room, enough }];
  }

  function common(one, other) {
    return other ? common(other, one % other) : one;
  }

  // The divisors of a number next to another, below and above.
  function nearDivisors(number, other) {
    const [all, at] = [Number(number), Number(other)];
    let below = Math.min(at, all);
    while (all % below) {
      below -= 1;
    }
    let above = at + 1;
    while (above <= all && all % above) {
      above += 1;
    }
    return above <= all ? [BigInt(below), BigInt(above)] : [BigInt(below)];
  }

  // Two designs of the same input and output. Where `at` is the limit, the second has
  // as many parameters as the first; without a limit it never saves. Convolutions have
  // stride 1, keep the size of the maps, and have no bias.

  function design(params, outputs, maps) {
    return {
      params,
      macs: product(params, ...maps),
      memory: product(outputs, ...maps, FLOAT32),
    };
  }

  function stacked({ in: a, middle: m, out: b, maps }) {
    const two = sum(product(3n, 3n, a, m), product(3n, 3n, m, b));
    return {
      designs: [
        design(product(5n, 5n, a, b), b, maps),
        design(two, sum(m, b), maps),
      ],
      at: term(m),
      limit: fraction(product(25n, a, b), product(9n, sum(a, b))),
    };
  }

  function reduced({ in: a, left: r, out: b, kernel, maps }) {
    const two = sum(product(a, r), product(...kernel, r, b));
    return {
      designs: [
        design(product(...kernel, a, b), b, maps),
        design(two, sum(r, b), maps),
      ],
      at: term(r),
      limit: fraction(product(...kernel, a, b), sum(a, product(...kernel, b))),
    };
  }

  function separable({ in: a, out: b, kernel, maps }) {
    const places = product(...kernel);
    const two = sum(product(...kernel, a), product(a, b));
    const left = {
      value: [places.value + b, places.value * b],
      text: `1 ÷ ${grouped(b)} + 1 ÷ ${inside(places, ALONE)}`,
    };
    return {
      designs: [
        design(product(...kernel, a, b), b, maps),
        design(two, sum(a, b), maps),
      ],
      at: term(b),
      limit: places.value > 1n ? fraction(places, minus(places, 1n)) : null,
      left,
    };
  }

  // The dense layer behind either has biases.
  function head({ in: c, maps, classes: k }) {
    const [all, averaged] = [product(...maps, c, k), product(c, k)];
    return {
      designs: [
        { params: sum(all, k), macs: all, memory: product(k, FLOAT32) },
        {
          params: sum(averaged, k),
          macs: averaged,
          memory: product(sum(c, k), FLOAT32),
        },
      ],
      at: product(...maps),
      limit: { value: [1n, 1n], text: "" },
    };
  }

  // How numbers are written: as the pages do, in which Python rounds halves to even.

  function grouped(number) {
    return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function rounded(number, digits) {
    const further = number.toFixed(digits + 30);
    const half = /5(0{29})$/.test(further) && /[02468]$/.test(further.slice(0, -30));
    const text = half ? further.slice(0, -30) : number.toFixed(digits);
    return text.replace(/^\d+/, grouped);
  }

  // Two decimals, if the number is not whole.
  function decimal([above, below]) {
    const whole = above % below === 0n;
    return whole ? grouped(above / below) : rounded(Number(above) / Number(below), 2);
  }

  // 72.0 %; a share too small for one decimal keeps one digit.
  function percent([above, below]) {
    const number = (Number(above) / Number(below)) * 100;
    if (number >= 0.05) {
      return `${rounded(number, 1)} %`;
    }
    const [digit, places] = number.toExponential(0).split("e-");
    return `0.${digit.padStart(Number(places), "0")} %`;
  }

  function mebibytes(bytes) {
    const text = rounded(Number(bytes) / 2 ** 20, 1);
    return text === "0.0" ? "< 0.1 MiB" : `${text} MiB`;
  }

  const counts = { layer, stacked, reduced, separable, head };
  return { LARGEST, counts, read, grouped, decimal, percent, mebibytes };
})();
