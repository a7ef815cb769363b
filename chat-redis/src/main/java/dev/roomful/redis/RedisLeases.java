package dev.roomful.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The leases of nodes. */
final class RedisLeases {
  private final ScriptCalls scripts;
  private final String[] keys;
  private final Set<String> renewed = ConcurrentHashMap.newKeySet();

  RedisLeases(ScriptCalls scripts, Keys keys) {
    this.scripts = scripts;
    this.keys = new String[] {keys.nodes()};
  }

  CompletableFuture<Boolean> renew(String node, Duration expiry) {
    if (expiry.toMillis() < 1) {
      throw new IllegalArgumentException("lease of " + expiry + " is too short: use 1 ms or more");
    }
    return scripts.call(
        Script.RENEW_LEASE,
        keys,
        reply -> {
          renewed.add(node);
          return Text.isTrue(reply);
        },
        Text.escaped(node),
        Text.bytes(expiry.toMillis()),
        // If Redis has lost its data it cannot know that this is not the first lease.
        Text.bytes(renewed.contains(node) ? 1 : 0));
  }

  @SuppressWarnings("NullAway") // a Void has no other value; reported by compilers from 25 on
  CompletableFuture<Void> release(String node) {
    renewed.remove(node);
    return scripts.call(Script.RELEASE_LEASE, keys, reply -> null, Text.escaped(node));
  }

  CompletableFuture<Set<String>> liveNodes() {
    return scripts.call(
        Script.LIVE_NODES,
        keys,
        reply -> {
          Set<String> nodes = new HashSet<>();
          reply.forEach(node -> nodes.add(Escaping.unescape(Text.string(node))));
          return Set.copyOf(nodes);
        });
  }
}
