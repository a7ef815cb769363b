// @ts-check

const NEAR_END_PX = 60;

/**
 * Knows whether the user reads at the end of a scrolled element, and keeps the end in view when the
 * size of the element changes, as when the keyboard of a phone opens.
 *
 * Only the user leaves the end: content that grows and a viewport that shrinks do not.
 */
export class EndFollower {
  #element;
  #isAtEnd = true;
  #top = 0;
  #width;
  #height;

  /**
   * @param {HTMLElement} element
   * @param {() => void} onScroll called after each scroll event
   */
  constructor(element, onScroll) {
    this.#element = element;
    this.#width = element.clientWidth;
    this.#height = element.clientHeight;
    element.addEventListener(
      "scroll",
      () => {
        this.#scrolled();
        onScroll();
      },
      { passive: true },
    );
    new ResizeObserver(() => this.#resized()).observe(element);
  }

  get isAtEnd() {
    return this.#isAtEnd;
  }

  /** The content will change, and its end is to be shown. */
  follow() {
    this.#isAtEnd = true;
  }

  scrollToEnd() {
    this.#isAtEnd = true;
    this.#element.scrollTop = this.#element.scrollHeight;
    this.#top = this.#element.scrollTop;
  }

  /** @param {number} distance in pixels, downwards */
  scrollBy(distance) {
    this.#element.scrollTop += distance;
    this.#top = this.#element.scrollTop;
    this.#isAtEnd = this.#isNearEnd();
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #scrolled() {
    const { scrollTop, clientWidth, clientHeight } = this.#element;
    const isUp = scrollTop < this.#top;
    this.#top = scrollTop;
    // A new size moves the content too; its observer is called after this event.
    if (clientWidth !== this.#width || clientHeight !== this.#height) return;
    if (this.#isNearEnd()) this.#isAtEnd = true;
    else if (isUp) this.#isAtEnd = false;
  }

  #resized() {
    this.#width = this.#element.clientWidth;
    this.#height = this.#element.clientHeight;
    if (this.#isAtEnd) this.scrollToEnd();
  }
}
