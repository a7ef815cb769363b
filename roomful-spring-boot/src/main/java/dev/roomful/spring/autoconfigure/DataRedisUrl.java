package dev.roomful.spring.autoconfigure;

import dev.roomful.spring.RoomfulRedisConnectionDetails;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;
import org.springframework.boot.ssl.SslBundle;

/** Writes the connection details of Spring Data Redis as an address for Lettuce. */
final class DataRedisUrl {
  private DataRedisUrl() {}

  static RoomfulRedisConnectionDetails of(DataRedisConnectionDetails details) {
    return () -> url(details);
  }

  private static String url(DataRedisConnectionDetails details) {
    SslBundle bundle = details.getSslBundle();
    if (bundle != null
        && bundle.getStores() != null
        && bundle.getStores().getTrustStore() != null) {
      throw unsupported("an SSL bundle with certificates of its own");
    }
    String tls = bundle == null ? "" : "s";
    String credentials = credentials(details.getUsername(), details.getPassword());
    // Details of properties have a standalone server in any case.
    Sentinel sentinel = details.getSentinel();
    if (sentinel != null) {
      if (sentinel.getPassword() != null) {
        throw unsupported("a password of the Sentinels");
      }
      String database = sentinel.getDatabase() == 0 ? "" : "/" + sentinel.getDatabase();
      return "redis"
          + tls
          + "-sentinel://"
          + credentials
          + hosts(sentinel.getNodes())
          + database
          + "#"
          + encoded(sentinel.getMaster());
    }
    Cluster cluster = details.getCluster();
    if (cluster != null) {
      return "redis" + tls + "://" + credentials + hosts(cluster.getNodes());
    }
    if (details.getMasterReplica() != null) {
      throw unsupported("a primary with replicas that are listed one by one");
    }
    Standalone standalone = details.getStandalone();
    if (standalone != null) {
      String database = standalone.getDatabase() == 0 ? "" : "/" + standalone.getDatabase();
      return "redis"
          + tls
          + "://"
          + credentials
          + hosts(List.of(new Node(standalone.getHost(), standalone.getPort())))
          + database;
    }
    throw unsupported("no server");
  }

  private static String credentials(@Nullable String user, @Nullable String password) {
    if (password == null) {
      return "";
    }
    return (user == null ? "" : encoded(user)) + ":" + encoded(password) + "@";
  }

  private static String hosts(List<Node> nodes) {
    return nodes.stream()
        .map(node -> literal(node.host()) + ":" + node.port())
        .collect(Collectors.joining(","));
  }

  private static String literal(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host; // RFC 3986
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static IllegalStateException unsupported(String what) {
    return new IllegalStateException(
        "the connection details of Spring Data Redis have "
            + what
            + ", which the chat's cluster cannot use: set roomful.redis.url, or define a bean of"
            + " type ClusterEngine, for example RedisCluster.of(client)");
  }
}
