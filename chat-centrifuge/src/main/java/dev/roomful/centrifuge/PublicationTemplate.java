package dev.roomful.centrifuge;

/** A publication push that lacks only its offset, which the room gives late and under its lock. */
interface PublicationTemplate {
  /**
   * The whole frame: a copy of bytes and one number.
   *
   * @param offset the publication's number, 0 if the channel counts none
   */
  byte[] frameAt(long offset);
}
