package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable copy of a handshake. It does not refer to the container's request: containers reuse
 * requests, and a connection that keeps its handshake must not keep the request in memory.
 */
final class HandshakeSnapshot implements Handshake {
  private final Map<String, String> path;
  private final @Nullable String query;
  private final Map<String, List<String>> headers;
  private final @Nullable String remoteAddress;
  private final @Nullable Principal principal;
  private final Map<String, Object> sessionAttributes;

  /**
   * @param path the parameters of the path, decoded
   * @param query the raw query
   * @param headers the values by name, names in lower case
   */
  HandshakeSnapshot(
      Map<String, String> path,
      @Nullable String query,
      Map<String, List<String>> headers,
      @Nullable String remoteAddress,
      @Nullable Principal principal,
      Map<String, Object> sessionAttributes) {
    this.path = Map.copyOf(path);
    this.query = query;
    this.headers = Map.copyOf(headers);
    this.remoteAddress = remoteAddress;
    this.principal = principal;
    this.sessionAttributes = Map.copyOf(sessionAttributes);
  }

  @Override
  public Optional<String> path(String name) {
    return Optional.ofNullable(path.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return QueryString.first(query, name);
  }

  /** {@return a copy with the address of the client, not of the proxy} */
  HandshakeSnapshot behind(@Nullable TrustedProxies proxies) {
    return proxies == null
        ? this
        : new HandshakeSnapshot(
            path,
            query,
            headers,
            proxies.clientOf(this, remoteAddress),
            principal,
            sessionAttributes);
  }

  @Nullable String rawQuery() {
    return query;
  }

  @Override
  public Map<String, List<String>> headers() {
    return headers;
  }

  @Override
  public Optional<Object> sessionAttribute(String name) {
    return Optional.ofNullable(sessionAttributes.get(name));
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.ofNullable(remoteAddress);
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }
}
