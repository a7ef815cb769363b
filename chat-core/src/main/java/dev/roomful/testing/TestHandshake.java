package dev.roomful.testing;

import dev.roomful.admission.Handshake;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A handshake for a test of an {@link dev.roomful.admission.Authenticator}. Immutable; each {@code
 * with} method returns a changed copy.
 */
public final class TestHandshake implements Handshake {
  private final Map<String, String> path;
  private final Map<String, String> query;
  private final Map<String, List<String>> headers;
  private final Map<String, Object> sessionAttributes;
  private final @Nullable String remoteAddress;
  private final @Nullable Principal principal;

  private TestHandshake(
      Map<String, String> path,
      Map<String, String> query,
      Map<String, List<String>> headers,
      Map<String, Object> sessionAttributes,
      @Nullable String remoteAddress,
      @Nullable Principal principal) {
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.sessionAttributes = sessionAttributes;
    this.remoteAddress = remoteAddress;
    this.principal = principal;
  }

  /**
   * Returns a handshake without parameters, to {@code localhost} and from {@code 127.0.0.1}.
   *
   * @return the handshake from which to start
   */
  public static TestHandshake create() {
    return new TestHandshake(
        Map.of(), Map.of(), Map.of("host", List.of("localhost")), Map.of(), "127.0.0.1", null);
  }

  /**
   * Sets a path parameter.
   *
   * @param name the name
   * @param value the value, decoded
   * @return a changed copy
   */
  public TestHandshake withPath(String name, String value) {
    return new TestHandshake(
        with(path, name, value), query, headers, sessionAttributes, remoteAddress, principal);
  }

  /**
   * Sets a query parameter.
   *
   * @param name the name
   * @param value the value, decoded
   * @return a changed copy
   */
  public TestHandshake withQuery(String name, String value) {
    return new TestHandshake(
        path, with(query, name, value), headers, sessionAttributes, remoteAddress, principal);
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
        sessionAttributes,
        remoteAddress,
        principal);
  }

  /**
   * Adds a cookie to the header {@code Cookie}.
   *
   * @param name the cookie's name
   * @param value the value, as it is sent
   * @return a changed copy
   */
  public TestHandshake withCookie(String name, String value) {
    String cookie = name + "=" + value;
    return withHeader("cookie", header("cookie").map(all -> all + "; " + cookie).orElse(cookie));
  }

  /**
   * Sets an attribute of the HTTP session.
   *
   * @param name the attribute's name
   * @param value its value
   * @return a changed copy
   */
  public TestHandshake withSessionAttribute(String name, Object value) {
    return new TestHandshake(
        path, query, headers, with(sessionAttributes, name, value), remoteAddress, principal);
  }

  /**
   * Sets the user whom the server authenticated.
   *
   * @param principal the principal
   * @return a changed copy
   */
  public TestHandshake withPrincipal(Principal principal) {
    return new TestHandshake(path, query, headers, sessionAttributes, remoteAddress, principal);
  }

  /**
   * Sets the remote address.
   *
   * @param address an address without a port
   * @return a changed copy
   */
  public TestHandshake withRemoteAddress(String address) {
    return new TestHandshake(path, query, headers, sessionAttributes, address, principal);
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

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> copy = new HashMap<>(map);
    copy.put(key, value);
    return Map.copyOf(copy);
  }
}
