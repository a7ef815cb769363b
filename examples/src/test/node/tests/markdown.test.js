import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseMarkdown, withoutMarkdown } from "#rooms/model/markdown.js";

/** Writes a tree with a letter and brackets for each node that is not text. */
function written({ type, text, children = [] }) {
  if (type === "text") return text;
  const content = text ?? children.map(written).join("");
  return type === "paragraph" ? `P(${content})` : `${type}(${content})`;
}

const blocks = (text) => parseMarkdown(text).map(written).join(" ");
const line = (text) => blocks(text).replace(/^P\(([^]*)\)$/, "$1");

describe("in a line", () => {
  for (const [text, expected] of [
    ["plain", "plain"],
    ["a **b** c", "a strong(b) c"],
    ["*a b*, c", "em(a b), c"],
    ["~~a~~b", "del(a)b"],
    ["**a *b* c**", "strong(a em(b) c)"],
    ["*a **b** c*", "em(a strong(b) c)"],
    ["***a***", "strong(em(a))"],
    ["*a **b***", "em(a strong(b))"],
    ["**a *b** c", "strong(a *b) c"],
    ["**~~*a*~~**", "strong(del(em(a)))"],
    ["*a**b*", "em(a**b)"],
    ["2*3*4 and 2 * 3 * 4", "2*3*4 and 2 * 3 * 4"],
    ["a* b*", "a* b*"],
    ["** a ** ~~ b ~~", "** a ** ~~ b ~~"],
    ["**", "**"],
    ["****", "****"],
    ["****a****", "****a****"],
    ["*****", "*****"],
    ["~a~ ~~~a~~~", "~a~ ~~~a~~~"],
    ["**a", "**a"],
    ["**a ~~b *c", "**a ~~b *c"],
    ["*a\nb*", "*a\nb*"],
    ["say `a *b*`!", "say code(a *b*)!"],
    ["``a`b``", "code(a`b)"],
    ["**`a`**", "strong(code(a))"],
    ["*a `*` b*", "em(a code(*) b)"],
    ["it`s", "it`s"],
    ["see *https://a.example/x*y*", "see em(link(https://a.example/x*y))"],
    ["~~https://a.example~~", "del(link(https://a.example))"],
    ["`https://a.example`", "code(https://a.example)"],
    ["<b>a</b> &amp; <script>", "<b>a</b> &amp; <script>"],
    ["# a - b [c](javascript:d) _e_", "# a - b [c](javascript:d) _e_"],
  ]) {
    it(JSON.stringify(text), () => assert.equal(line(text), expected));
  }
});

describe("blocks", () => {
  for (const [text, expected] of [
    ["a\n\nb", "P(a\n\nb)"],
    ["```\na *b*\n\n  c\n```", "code(a *b*\n\n  c)"],
    ["before\n\n```js\nx\n```\n\nafter", "P(before) code(x) P(after)"],
    ["```\n<b>\n> a\n```", "code(<b>\n> a)"],
    ["```\nnot closed", "P(```\nnot closed)"],
    ["```a```", "P(code(a))"],
    ["```\n```", "code()"],
    ["> a *b*\n> c\nd", "quote(P(a em(b)\nc)) P(d)"],
    ["> a\n>\n> b", "quote(P(a\n\nb))"],
    ["> a\n> > b", "quote(P(a)quote(P(b)))"],
    ["> ```\n> a\n> ```", "quote(code(a))"],
    [">:( a > b", "P(>:( a > b)"],
    ["> > > > a", "quote(quote(quote(P(> a))))"],
    ["", ""],
  ]) {
    it(JSON.stringify(text), () => assert.equal(blocks(text), expected));
  }
});

it("the time for a text of markers grows with its length, not with the square of it", () => {
  const start = performance.now();
  for (const part of ["*a ", "**a ~~b ", "`a ``", "> ", "> a\nb\n", "```\n", "*", "~~", "a*", " ", "\n"]) {
    parseMarkdown(part.repeat(320_000 / part.length) + "x");
  }
  assert.ok(performance.now() - start < 30_000);
});

it("without its markers, a text has the rest of it", () => {
  assert.equal(withoutMarkdown("> *a* `b`\n**c** https://d.example\n```\ne\n```"), "a b\nc https://d.example\ne");
});
