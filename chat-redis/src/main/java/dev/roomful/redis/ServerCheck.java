package dev.roomful.redis;

import dev.roomful.cluster.EngineUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Checks a server before it is used, and prepares it. */
final class ServerCheck {
  private static final Logger LOGGER = System.getLogger("dev.roomful.redis");

  private final Settings settings;
  private final Keys keys;

  ServerCheck(Settings settings) {
    this.settings = settings;
    this.keys = new Keys(settings.keyPrefix());
  }

  /**
   * Loads the scripts, and checks the version and the role. Throws an {@link IllegalStateException}
   * if it would be in vain to try again.
   */
  ServerInfo prepare(Link link, boolean cluster) throws InterruptedException {
    ServerInfo info = new ServerInfo(required(link, link.info(), "+info"));
    info.tooOld()
        .ifPresent(
            remedy -> {
              throw new IllegalStateException(link.address() + ": " + remedy);
            });
    if (info.isCluster() && !cluster) {
      throw new IllegalStateException(
          link.address()
              + " is a Redis Cluster: use RedisCluster.of(RedisClusterClient) or"
              + " RedisCluster.connect(uri)");
    }
    if (!info.isPrimary()) {
      throw new EngineUnavailableException(
          link.address() + " is a replica: connect to its primary, or through Sentinel", null);
    }
    if (info.isLoading()) {
      throw new EngineUnavailableException(link.address() + " is loading its data", null);
    }
    link.setGeneration(info.generation());
    for (CompletableFuture<?> loaded : link.loadAll()) {
      required(link, loaded, "+script|load");
    }
    return info;
  }

  /** Checks once what an administrator has to set: permissions and eviction. */
  void checkConfiguration(Link link, ServerInfo info, String keyOfLink)
      throws InterruptedException {
    checkPermissions(link, keyOfLink);
    info.evictsKeys()
        .ifPresent(remedy -> LOGGER.log(Level.WARNING, link.address() + ": " + remedy));
  }

  /** {@return a key for {@link #checkConfiguration} that no other check uses} */
  String newKey() {
    return keys.check(UUID.randomUUID().toString());
  }

  private void checkPermissions(Link link, String key) throws InterruptedException {
    List<Object> failures =
        required(link, link.evaluate(Script.CHECK_PERMISSIONS, new String[] {key}), "+evalsha");
    if (!failures.isEmpty()) {
      List<String> messages = Text.strings(failures);
      // Without DEL, for example, other commands fail because of what earlier ones left.
      List<String> missing = messages.stream().filter(Failures::isMissingPermission).toList();
      throw missing.isEmpty()
          ? new IllegalStateException(
              link.address() + " rejects commands: " + String.join("; ", messages))
          : missingPermission(link, String.join("; ", missing));
    }
    required(link, link.subscribe(key), "+ssubscribe");
    required(link, link.unsubscribe(key), "+sunsubscribe");
    required(link, link.ping(), "+ping");
  }

  private <T> T required(Link link, CompletableFuture<T> reply, String permission)
      throws InterruptedException {
    try {
      return Waiting.await(reply, settings.commandTimeout());
    } catch (EngineUnavailableException failure) {
      Throwable cause = rootOf(failure);
      if (Failures.isMissingPermission(Failures.text(cause))) {
        throw missingPermission(link, permission + " (" + Failures.text(cause) + ")");
      }
      throw failure;
    }
  }

  /** An unavailable engine has the server's own error as cause. */
  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private IllegalStateException missingPermission(Link link, String what) {
    return new IllegalStateException(
        link.address()
            + ": the user lacks a permission: "
            + what
            + "; give it the rule "
            + AclRule.of(settings.keyPrefix()));
  }
}
