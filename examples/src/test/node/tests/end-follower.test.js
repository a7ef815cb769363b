import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { EndFollower } from "#lib/end-follower.js";

/** An element of which a test sets the sizes, and whose events the test delivers when it likes. */
class ScrolledElement {
  scrollHeight = 1000;
  clientHeight = 400;
  clientWidth = 800;
  #top = 0;

  get scrollTop() {
    return this.#top;
  }

  set scrollTop(top) {
    this.#top = Math.max(0, Math.min(top, this.scrollHeight - this.clientHeight));
  }

  addEventListener(type, listener) {
    assert.equal(type, "scroll");
    this.deliverScroll = listener;
  }
}

let element;
let follower;
let deliverResize;
let scrolls;

beforeEach(() => {
  globalThis.ResizeObserver = class {
    constructor(callback) {
      deliverResize = callback;
    }

    observe() {}
  };
  scrolls = 0;
  element = new ScrolledElement();
  follower = new EndFollower(element, () => scrolls++);
  follower.scrollToEnd();
  element.deliverScroll();
});

const distanceToEnd = () => element.scrollHeight - element.scrollTop - element.clientHeight;

it("a user who scrolls up leaves the end, and comes back near it", () => {
  element.scrollTop -= 100;
  element.deliverScroll();
  assert.equal(follower.isAtEnd, false);
  element.scrollTop += 50;
  element.deliverScroll();
  assert.equal(follower.isAtEnd, true);
  assert.equal(scrolls, 3);
});

it("content that grows before a scroll event arrives does not leave the end", () => {
  follower.scrollToEnd();
  element.scrollHeight += 300;
  element.deliverScroll();
  assert.equal(follower.isAtEnd, true);
});

it("a smaller size keeps the end in view, even when content grew at the same time", () => {
  element.clientHeight = 200;
  element.scrollHeight += 300;
  deliverResize();
  assert.equal(distanceToEnd(), 0);
});

it("a scroll event that a new size causes does not leave the end", () => {
  element.clientWidth = 1600;
  element.clientHeight = 200;
  element.scrollTop -= 100;
  element.deliverScroll();
  deliverResize();
  assert.equal(distanceToEnd(), 0);
});

it("a new size moves nobody who reads older content", () => {
  element.scrollTop = 100;
  element.deliverScroll();
  element.clientHeight = 200;
  deliverResize();
  assert.equal(element.scrollTop, 100);
});

it("a program that scrolls to older content leaves the end at once", () => {
  follower.scrollBy(-100);
  assert.equal(follower.isAtEnd, false);
  follower.follow();
  assert.equal(follower.isAtEnd, true);
});
