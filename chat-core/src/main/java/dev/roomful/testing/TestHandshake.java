package dev.roomful.testing;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A handshake made up for a test of a doorman. Immutable; each method gives a changed copy. */
public final class TestHandshake implements Handshake {
  private final Map<String, String> path;
  private final Map<String, String> query;
  private final Map<String, List<String>> headers;
  private final @Nullable String remoteAddress;
  private final @Nullable Principal principal;

  private TestHandshake(
      Map<String, String> path,
      Map<String, String> query,
      Map<String, List<String>> headers,
      @Nullable String remoteAddress,
      @Nullable Principal principal) {
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.remoteAddress = remoteAddress;
    this.principal = principal;
  }

  /**
   * A handshake without parameters, to {@code localhost}.
   *
   * @return the handshake from which to start
   */
  public static TestHandshake create() {
    return new TestHandshake(
        Map.of(), Map.of(), Map.of("host", List.of("localhost")), "127.0.0.1", null);
  }

  /**
   * Sets a path parameter.
   *
   * @param name the name
   * @param value the value, decoded
   * @return a changed copy
   */
  public TestHandshake withPath(String name, String value) {
    return new TestHandshake(with(path, name, value), query, headers, remoteAddress, principal);
  }

  /**
   * Sets a query parameter.
   *
   * @param name the name
   * @param value the value, decoded
   * @return a changed copy
   */
  public TestHandshake withQuery(String name, String value) {
    return new TestHandshake(path, with(query, name, value), headers, remoteAddress, principal);
  }

  /**
   * Sets a header.
   *
   * @param name the name, in any case
   * @param values the values
   * @return a changed copy
   */
  public TestHandshake withHeader(String name, String... values) {
    return new TestHandshake(
        path,
        query,
        with(headers, name.toLowerCase(Locale.ROOT), List.of(values)),
        remoteAddress,
        principal);
  }

  /**
   * Sets whom the server authenticated.
   *
   * @param principal the principal
   * @return a changed copy
   */
  public TestHandshake withPrincipal(Principal principal) {
    return new TestHandshake(path, query, headers, remoteAddress, principal);
  }

  /**
   * Sets where the connection comes from.
   *
   * @param address an address without a port
   * @return a changed copy
   */
  public TestHandshake withRemoteAddress(String address) {
    return new TestHandshake(path, query, headers, address, principal);
  }

  @Override
  public Optional<String> path(String name) {
    return Optional.ofNullable(path.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  @Override
  public Map<String, List<String>> headers() {
    return headers;
  }

  @Override
  public Optional<String> remoteAddress() {
    return Optional.ofNullable(remoteAddress);
  }

  @Override
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> copy = new HashMap<>(map);
    copy.put(key, value);
    return Map.copyOf(copy);
  }
}
