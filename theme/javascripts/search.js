// Stands before Material's search worker. What a reader types becomes the words that the
// pages use, and what the reader named comes first. The names: markup/search.py.

const [SETUP, , ASK, ANSWER] = [0, 1, 2, 3]; // Material's messages
const MOST_WORDS = 6; // of a name
const ENDINGS = new Set(
  ("은 는 이 가 을 를 의 에 에서 에게 로 으로 와 과 도 만 들 개 나 이나 라 이라 란 이란 다 이다 며 이며 고 이고 " +
    "인 일 보다 까지 부터 마다 처럼 하고 입니다 입니까").split(" "),
);

const script = self.document ? document.currentScript.src : location.href;
const known = new Map(); // the words of all pages, and in how many of their sections
const names = new Map(); // what readers call a thing: the words for it, and its place
const roots = new Map();
let separator;
let documents;
let asked;

function learn({ config, docs }) {
  separator = new RegExp(config.separator);
  documents = new Map(docs.map((doc) => [doc.location, doc]));
  for (const { title, text } of docs) {
    for (const word of new Set(words(`${title} ${text}`.replace(/<[^>]+>/g, " ")))) {
      known.set(word, (known.get(word) ?? 0) + 1);
    }
  }
  // "resnet accuracy" is about ResNet: the name of a page says more than a term
  for (const [called, weight] of [[config.names, 10], [config.terms, 1.5]]) {
    for (const [place, each] of Object.entries(called)) {
      for (const [name, written] of Object.entries(each)) {
        const key = words(name).join("");
        if (!names.has(key)) {
          names.set(key, { place, weight, words: words(written || name) });
        }
      }
    }
  }
  lunr.stemmer = (token) => {
    const word = root(plain(token.toString()));
    return ENDINGS.has(word) ? null : token.update(() => word);
  };
  lunr.Pipeline.registerFunction(lunr.stemmer, "root");
  // lunr's own takes an edge 1 to node 23 for an edge 12 to node 3, and fails on figures
  lunr.TokenSet.prototype.toString = function () {
    const edges = Object.entries(this.edges).sort(([a], [b]) => (a < b ? -1 : 1));
    return this._str ?? `${+this.final}${edges.map(([label, { id }]) => ` ${label}${id}`).join("")}`;
  };
}

function words(text) {
  return text.split(separator).map(plain).filter((word) => word && !ENDINGS.has(word));
}

// 25,557,032 and 1×1 and ResNet-50 and normalization as 25557032, 1x1, resnet50, normalisation
function plain(word) {
  return word
    .toLowerCase()
    .replaceAll("×", "x")
    .replace(/[^\p{L}\p{N}.]|^\.+|\.+$/gu, "")
    .replace(/(?<=[a-z]{3})iz(?=e|ing|ation)/, "is");
}

// A word, and what is left of it without its endings: 합성곱에서는, 합성곱에서, 합성곱
function* stems(word, most = 3) {
  yield word;
  for (const [ending, instead] of [["s", ""], ["es", ""], ["ies", "y"]]) {
    if (word.endsWith(ending) && /[a-z]{3}$/.test(word.slice(0, -ending.length))) {
      yield word.slice(0, -ending.length) + instead;
    }
  }
  for (let cut = word.length - 1; most && cut > 0; cut--) {
    if (ENDINGS.has(word.slice(cut))) {
      yield* stems(word.slice(0, cut), most - 1);
    }
  }
}

// The shortest stem that is a word by itself
function root(word) {
  if (!roots.has(word)) {
    const stem = [...stems(word)].filter((stem) => known.has(stem));
    roots.set(word, stem.sort((a, b) => a.length - b.length)[0] ?? word);
  }
  return roots.get(word);
}

// Words that are typed as one: 특징맵, 크기 of 특징맵크기
function pieces(word) {
  if (understood(word) || !/^[가-힣]+$/.test(word)) {
    return [word];
  }
  for (let cut = word.length - 1; cut > 1; cut--) {
    if (understood(word.slice(0, cut))) {
      const rest = pieces(word.slice(cut));
      if (rest.every(understood)) {
        return [word.slice(0, cut), ...rest];
      }
    }
  }
  return [word];
}

function understood(word) {
  return [...stems(word)].some((stem) => known.has(stem) || names.has(stem));
}

// A word that is still being typed, and that only names begin with: 구글, 컨볼루
function begun(word) {
  const begins = (longer) => longer.startsWith(word);
  if (word.length < 2 || understood(word) || [...known.keys()].some(begins)) {
    return [word];
  }
  return names.get([...names.keys()].find(begins))?.words ?? [word];
}

// A list of words from left to right: the longest names in it, and the words between them
function* parts(list) {
  for (let from = 0, to; from < list.length; from = to) {
    let name;
    for (to = Math.min(from + MOST_WORDS, list.length); to > from; to--) {
      const stem = [...stems(list.slice(from, to).join(""))].find((stem) => names.has(stem));
      if ((name = names.get(stem))) {
        break;
      }
    }
    to = Math.max(to, from + 1);
    yield { typed: list.slice(from, to), words: list.slice(from, to), ...name };
  }
}

// The rarer a word, the more it says
function rarity(list) {
  const each = list.map((word) => Math.log(1 + documents.size / (known.get(root(word)) ?? 1)));
  return each.reduce((sum, one) => sum + one, 0);
}

// The words to search for, and the places that are named, by their share of what is said
function read(query) {
  const typed = query
    .normalize("NFKC")
    .replace(/(\d)\s*[x×*]\s*(?=\d)/gi, "$1x")
    .replace(/(?<=[가-힣])(?=[a-z\d])/gi, " ");
  const list = words(typed).flatMap(pieces);
  list.push(...list.splice(-1).flatMap(begun));
  const written = [...parts(list)]
    .flatMap((part) => part.words) // 그룹 컨볼루션: 그룹 합성곱
    .filter((word) => !ENDINGS.has(root(word)));
  const meant = written.filter(lunr.stopWordFilter);
  const said = meant.length ? meant : written;
  const places = new Map();
  for (const { place, weight, typed } of parts(written)) {
    if (place !== undefined) {
      const share = rarity(typed.filter((word) => said.includes(word))) / rarity(said);
      places.set(place, (places.get(place) ?? 0) + weight * share);
    }
  }
  return { words: new Set(said.map(root)), places };
}

// Material's groups, one a page: the places that are named come first
function ranked(groups) {
  const best = Math.max(0, ...groups.flat().map((item) => item.score)) || 1;
  const item = (place) => ({ ...documents.get(place), score: 0, terms: {} });
  for (const [place, share] of asked.places) {
    const page = place.split("#")[0];
    let group = groups.find(([{ location }]) => location.split("#")[0] === page);
    if (!group) {
      groups.push((group = [item(page)]));
    }
    if (!group.some(({ location }) => location === place)) {
      group.push(item(place));
    }
    const whole = place === page ? 0 : (asked.places.get(page) ?? 0);
    const one = group.find(({ location }) => location === place);
    one.score += best * (share + whole);
    one.terms = Object.fromEntries(Object.entries(one.terms).filter(([, found]) => found));
  }
  for (const group of groups) {
    group.sort((a, b) => b.score - a.score);
  }
  return groups.sort(([a], [b]) => b.score - a.score);
}

// Which words a page is to mark: as it writes them, and where it was named all that it has
function mark(group) {
  for (const item of group) {
    const marks = [...`${item.title} ${item.text}`.matchAll(/<mark>(.+?)<\/mark>/g)];
    const terms = Object.entries(item.terms).map(([word, found]) => {
      const written = /\d/.test(word) && marks.find(([, mark]) => plain(mark).startsWith(word));
      return [written ? written[1].split("-")[0] : word, found];
    });
    item.terms = Object.fromEntries(terms);
  }
  const all = group.flatMap((item) => Object.entries(item.terms)).filter(([, found]) => found);
  for (const item of group.filter(({ terms }) => !Object.keys(terms).length)) {
    item.terms = Object.fromEntries(all);
  }
}

addEventListener("message", ({ data: message }) => {
  if (message.type === SETUP) {
    learn(message.data);
  } else if (message.type === ASK) {
    asked = read(message.data);
    message.data = [...asked.words].join(" ");
  }
});

const post = self.postMessage;
self.postMessage = (message) => {
  if (message.type === ANSWER) {
    message.data.items = ranked(message.data.items);
    message.data.items.forEach(mark);
  }
  post.call(self, message);
};

importScripts(new URL(script.split("?")[1], script).href);
