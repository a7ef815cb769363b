package dev.roomful.centrifuge;

/** A publication push without its offset and time, which the room assigns late, under its lock. */
interface PublicationTemplate {
  /**
   * Returns the whole frame: a copy of the bytes and two numbers.
   *
   * @param offset the offset of the publication, 0 if it has none
   * @param time the time of the publication in milliseconds since 1970
   */
  byte[] frameAt(long offset, long time);
}
