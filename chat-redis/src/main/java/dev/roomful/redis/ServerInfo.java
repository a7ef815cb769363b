package dev.roomful.redis;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a server tells about itself: the reply of {@code INFO}. */
final class ServerInfo {
  private static final int OLDEST_REDIS = 7;
  private static final int OLDEST_VALKEY = 8;

  private final Map<String, String> fields = new HashMap<>();

  ServerInfo(String reply) {
    reply
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
              }
            });
  }

  private String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /**
   * Returns the identity of the server's process, so that it changes with a restart and with a
   * failover. Not that of its data set ({@code master_replid}): this one changes too when a first
   * replica is attached, and nodes that connected before would disagree with those that connect
   * later.
   */
  String generation() {
    String id = field("run_id");
    return id.substring(0, Math.min(16, id.length()));
  }

  boolean isCluster() {
    // Valkey names it otherwise.
    return field("redis_mode").equals("cluster") || field("server_mode").equals("cluster");
  }

  /** {@return whether the server accepts writes} */
  boolean isPrimary() {
    return !field("role").equals("slave");
  }

  boolean isLoading() {
    return field("loading").equals("1");
  }

  /** {@return what to do if the server is too old} */
  Optional<String> tooOld() {
    String valkey = field("valkey_version");
    String version = valkey.isEmpty() ? field("redis_version") : valkey;
    int oldest = valkey.isEmpty() ? OLDEST_REDIS : OLDEST_VALKEY;
    int dot = version.indexOf('.');
    String major = dot < 0 ? version : version.substring(0, dot);
    if (!major.matches("[0-9]{1,4}") || Integer.parseInt(major) >= oldest) {
      return Optional.empty();
    }
    return Optional.of(
        (valkey.isEmpty() ? "Redis" : "Valkey")
            + " has version "
            + version
            + ": upgrade it to Redis "
            + OLDEST_REDIS
            + ", Valkey "
            + OLDEST_VALKEY
            + " or later");
  }

  /** {@return what to do if the server may remove logs to save memory} */
  Optional<String> evictsKeys() {
    String policy = field("maxmemory_policy").toLowerCase(Locale.ROOT);
    if (policy.isEmpty() || policy.equals("noeviction") || field("maxmemory").equals("0")) {
      return Optional.empty();
    }
    return Optional.of(
        "maxmemory-policy is "
            + policy
            + ": at "
            + field("maxmemory")
            + " bytes it removes rooms, with their members, roles, bans and history; set"
            + " maxmemory-policy to noeviction");
  }
}
