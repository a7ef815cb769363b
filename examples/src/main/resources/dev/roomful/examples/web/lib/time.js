// @ts-check

/** Formats times and days for a locale, in the time zone of the browser. */
export class TimeFormat {
  #time;
  #dateTime;
  #day;

  /** @param {string} [locale] the browser's by default */
  constructor(locale) {
    this.#time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
    this.#dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    this.#day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
  }

  /**
   * 15:04, or 03:04 pm
   *
   * @param {Date} date
   */
  time(date) {
    return this.#time.format(date);
  }

  /**
   * The time without "am" or "pm".
   *
   * @param {Date} date
   */
  digits(date) {
    const parts = this.#time.formatToParts(date).filter(({ type }) => type !== "dayPeriod");
    return parts.map(({ value }) => value).join("").trim();
  }

  /** @param {Date} date */
  dateTime(date) {
    return this.#dateTime.format(date);
  }

  /**
   * The time if the date is today, otherwise the day and the time.
   *
   * @param {number} at milliseconds since the epoch
   */
  timeOrDate(at) {
    return isSameDay(at, Date.now()) ? this.time(new Date(at)) : this.dateTime(new Date(at));
  }

  /**
   * Monday 5 January
   *
   * @param {Date} date
   */
  day(date) {
    return this.#day.format(date);
  }
}

/**
 * Returns whether two times are on the same day, in the time zone of the browser.
 *
 * @param {number} a milliseconds since the epoch
 * @param {number} b
 */
export function isSameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
