package dev.roomful.redis;

/**
 * The names of keys and channels. The keys of one log have its name as hash tag, so that Redis
 * Cluster keeps them on one server.
 *
 * @param prefix what all names begin with, before a colon
 */
record Keys(String prefix) {
  private static final int MAX_LOG_NAME = 256;

  /**
   * {@return the stream with the entries of a log; the channel of its entries has this name too}
   */
  String entries(String log) {
    if (log.isEmpty() || log.length() > MAX_LOG_NAME) {
      throw new IllegalArgumentException(
          "log name of "
              + log.length()
              + " characters is not valid: use 1 to "
              + MAX_LOG_NAME
              + " characters");
    }
    return prefix + ":{" + Escaping.escape(log) + "}:entries";
  }

  /** {@return the hash with the end and the snapshot of a log, given the key of its entries} */
  static String state(String entries) {
    return entries.substring(0, entries.length() - "entries".length()) + "state";
  }

  /** {@return the sorted set of nodes, by the time when their leases expire} */
  String nodes() {
    return prefix + ":nodes";
  }

  /** {@return a key and channel that only one check of permissions uses} */
  String check(String id) {
    return prefix + ":check:" + id;
  }
}
