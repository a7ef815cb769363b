package dev.roomful.admission;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for before the upgrade: an HTTP request, seen by the {@link Authenticator}.
 * Given by the transport; valid while the doorman decides, its path and query also later.
 */
public interface Handshake {
  /**
   * A parameter of the path on which the chat is mounted: {@code client_id} of {@code
   * /ws/{client_id}}, decoded.
   *
   * @param name the name between the braces
   * @return its value, or nothing if the path has no such parameter
   */
  Optional<String> path(String name);

  /**
   * The first value of a query parameter, decoded.
   *
   * @param name the parameter's name
   * @return its value, or nothing
   */
  Optional<String> query(String name);

  /**
   * All request headers, as the client sent them.
   *
   * @return the values by name; names in lower case
   */
  Map<String, List<String>> headers();

  /**
   * The first value of a header.
   *
   * @param name the header's name, in any case
   * @return its value, or nothing
   */
  default Optional<String> header(String name) {
    List<String> values = headers().get(name.toLowerCase(java.util.Locale.ROOT));
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /**
   * The subprotocols that the client offers, the preferred one first (RFC 6455 section 1.9).
   *
   * @return the names, maybe none
   */
  default List<String> subprotocols() {
    return headers().getOrDefault("sec-websocket-protocol", List.of()).stream()
        .flatMap(value -> java.util.Arrays.stream(value.split(",")))
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /**
   * Where the connection comes from, as the server knows it: behind a proxy, the proxy.
   *
   * @return an address without a port, or nothing where the container does not tell
   */
  Optional<String> remoteAddress();

  /**
   * Whom the server authenticated.
   *
   * @return the principal, or nothing
   */
  Optional<Principal> principal();
}
