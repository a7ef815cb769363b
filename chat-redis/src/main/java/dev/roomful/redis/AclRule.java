package dev.roomful.redis;

import java.util.List;

/** What the user of an engine must be allowed to do. */
final class AclRule {
  private static final List<String> COMMANDS =
      List.of(
          "ping",
          "info",
          "evalsha",
          "script|load",
          "time",
          "del",
          "hset",
          "hmget",
          "pexpire",
          "xadd",
          "xrange",
          "xtrim",
          "zadd",
          "zscore",
          "zrange",
          "zrem",
          "zremrangebyscore",
          "spublish",
          "ssubscribe",
          "sunsubscribe");

  private AclRule() {}

  /** {@return a rule for {@code ACL SETUSER}} */
  static String of(String keyPrefix) {
    return "~" + keyPrefix + ":* &" + keyPrefix + ":* +" + String.join(" +", COMMANDS);
  }
}
