package dev.roomful.centrifuge;

/** A publication push without its offset, which the room assigns late and under its lock. */
interface PublicationTemplate {
  /**
   * Returns the whole frame: a copy of the bytes and a number.
   *
   * @param offset the offset of the publication, 0 if it has none
   */
  byte[] frameAt(long offset);
}
