// The tokens of JSON. No token goes over the end of a line, so every line can be read by itself,
// and what is typed changes nothing elsewhere.
const TOKEN = /"(?:[^"\\]+|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Where the tokens of a line stand: from, to, from, to, … */
export function placesIn(text) {
  if (text === last.text) return last.places;
  const places = [];
  for (const found of text.matchAll(TOKEN)) places.push(found.index, found.index + found[0].length);
  last = { text, places };
  return places;
}

let last = { text: "", places: [] };

/**
 * Visits tokens as { from, to, text }: those that end after `at` and on, or, with `step` -1, those
 * that start before it and back. Gives the first that `isWanted` wants.
 */
export function walk(doc, at, step, isWanted = () => true) {
  for (let number = doc.lineAt(at).number; number > 0 && number <= doc.lines; number += step) {
    const line = doc.line(number);
    const places = placesIn(line.text);
    for (let idx = 0; idx < places.length; idx += 2) {
      const place = step > 0 ? idx : places.length - 2 - idx;
      const from = line.from + places[place];
      const to = line.from + places[place + 1];
      if (step > 0 ? to <= at : from >= at) continue;
      const token = { from, to, text: line.text.slice(places[place], places[place + 1]) };
      if (isWanted(token)) return token;
    }
  }
  return undefined;
}

export const isOpening = ({ text }) => text === "{" || text === "[";
export const isClosing = ({ text }) => text === "}" || text === "]";

/** The bracket around `at` that opens (`step` -1) or closes (`step` 1). */
export function bracketAround(doc, at, step) {
  let depth = 0;
  const [isOuter, isInner] = step > 0 ? [isClosing, isOpening] : [isOpening, isClosing];
  return walk(doc, at, step, (token) => {
    // What `at` is inside of, or before it.
    if (step > 0 ? token.from < at : token.to > at) return false;
    if (isInner(token)) depth++;
    return isOuter(token) && depth-- === 0;
  });
}

/** The bracket that belongs to this one, of whatever kind it is. */
export function partnerOf(doc, bracket) {
  return isOpening(bracket) ? bracketAround(doc, bracket.to, 1) : bracketAround(doc, bracket.from, -1);
}

/** The token that `at` is inside of; with `side` also one that begins (1) or ends (-1) there. */
export function tokenAt(doc, at, side = 0) {
  const token = side < 0 ? walk(doc, at, -1) : walk(doc, at, 1);
  if (!token) return undefined;
  const isIn = side < 0 ? at <= token.to : side > 0 ? token.from <= at : token.from < at && at < token.to;
  return isIn ? token : undefined;
}
