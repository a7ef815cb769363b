import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isOnlyEmoji, splitLinks } from "#rooms/model/message-text.js";

/** The parts of a text, with links in angle brackets. */
function parts(text) {
  return splitLinks(text).map(({ text: part, href }) => (href ? `<${part}>` : part));
}

describe("links", () => {
  for (const [text, expected] of [
    ["no link", ["no link"]],
    ["", []],
    ["https://example.org/", ["<https://example.org/>"]],
    ["see https://example.org/a?b=c#d now", ["see ", "<https://example.org/a?b=c#d>", " now"]],
    ["HTTP://EXAMPLE.ORG", ["<HTTP://EXAMPLE.ORG>"]],
    ["http://a.example https://b.example", ["<http://a.example>", " ", "<https://b.example>"]],
    ["Look: https://example.org/x, then.", ["Look: ", "<https://example.org/x>", ", then."]],
    ["(https://example.org/x)", ["(", "<https://example.org/x>", ")"]],
    ["https://example.org/a_(b)", ["<https://example.org/a_(b)>"]],
    ["https://example.org/?!…", ["<https://example.org/>", "?!…"]],
    ["<https://example.org>", ["<", "<https://example.org>", ">"]],
    ["javascript:alert(1) ftp://example.org", ["javascript:alert(1) ftp://example.org"]],
    ["https://", ["https://"]],
    ["https://exa\u202emple.org", ["<https://exa>", "\u202emple.org"]],
  ]) {
    it(`of ${JSON.stringify(text)}`, () => assert.deepEqual(parts(text), expected));
  }

  it("lead to the address that they show", () => {
    assert.deepEqual(splitLinks("https://example.org/ä"), [
      { text: "https://example.org/ä", href: "https://example.org/%C3%A4" },
    ]);
  });

  it("and the text between them are the whole text", () => {
    const text = "a https://example.org/(x)). b http://y.example!? c";
    assert.equal(splitLinks(text).map((part) => part.text).join(""), text);
  });
});

describe("only emoji", () => {
  for (const text of ["👍", "👍🏽 🎉", "👩‍🚀", "🇩🇪", "❤️"]) {
    it(`are "${text}"`, () => assert.equal(isOnlyEmoji(text), true));
  }
  for (const text of ["", " ", "a", "👍 ok", "1", "👍".repeat(25)]) {
    it(`are not "${text}"`, () => assert.equal(isOnlyEmoji(text), false));
  }
});
