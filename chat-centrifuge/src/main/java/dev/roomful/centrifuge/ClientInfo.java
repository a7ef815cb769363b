package dev.roomful.centrifuge;

/**
 * What other clients receive about a client.
 *
 * @param user the user's id, empty if anonymous
 * @param client the id of the connection
 * @param connInfo the info of the connection, or {@link RawData#NONE}
 * @param chanInfo the info of the connection in this channel, or {@link RawData#NONE}
 */
record ClientInfo(String user, String client, RawData connInfo, RawData chanInfo) {
  /** The size without a user and info: field names, and the connection's id twice. */
  static final long MIN_ENCODED_SIZE = 64;

  /**
   * {@return an estimate of the size in a frame of either form, rather too large than too small}
   */
  long encodedSize() {
    return MIN_ENCODED_SIZE
        + JsonFieldWriter.encodedSize(user)
        + connInfo.encodedSize()
        + chanInfo.encodedSize();
  }
}
