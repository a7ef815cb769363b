package dev.roomful.admission;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP request by which a client asks for a WebSocket connection, as the {@link Authenticator}
 * sees it.
 *
 * <p>A transport provides it. It is immutable: an authenticator may keep it, and a protocol asks
 * the authenticator with it again later. It does not refer to the server's request object.
 */
public interface Handshake {
  /**
   * Returns a parameter of the path at which the chat is mounted: {@code client_id} of {@code
   * /ws/{client_id}}.
   *
   * @param name the name between the braces
   * @return its value, decoded, or nothing if the path has no such parameter
   */
  Optional<String> path(String name);

  /**
   * Returns the first value of a query parameter.
   *
   * @param name the parameter's name
   * @return its value, decoded, or nothing if the query has no such parameter
   */
  Optional<String> query(String name);

  /**
   * Returns all request headers as the client sent them.
   *
   * @return the values by name; names in lower case
   */
  Map<String, List<String>> headers();

  /**
   * Returns the first value of a header.
   *
   * @param name the header's name, in any case
   * @return its value, or nothing if the request has no such header
   */
  default Optional<String> header(String name) {
    List<String> values = headers().get(name.toLowerCase(Locale.ROOT));
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  /**
   * Returns the value of a cookie (RFC 6265 section 4.2). Browsers send cookies with the handshake
   * as with any request of the page.
   *
   * @param name the cookie's name, which is case-sensitive
   * @return the first value under that name as the client sent it, not decoded and with its double
   *     quotes if it has some, or nothing if there is no such cookie
   */
  default Optional<String> cookie(String name) {
    return headers().getOrDefault("cookie", List.of()).stream()
        .flatMap(line -> Arrays.stream(line.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst();
  }

  /**
   * Returns an attribute of the HTTP session that the request belongs to, such as the user that a
   * login stored there. The handshake never creates a session.
   *
   * @param name the attribute's name
   * @return the value that the attribute had at the time of the handshake, or nothing if there is
   *     no session or no such attribute, or the server has no HTTP sessions
   */
  default Optional<Object> sessionAttribute(String name) {
    return Optional.empty();
  }

  /**
   * Returns the subprotocols that the client offers (RFC 6455 section 1.9).
   *
   * @return the names, the preferred one first; may be empty
   */
  default List<String> subprotocols() {
    List<String> offered = new ArrayList<>();
    for (String line : headers().getOrDefault("sec-websocket-protocol", List.of())) {
      for (String value : line.split(",", -1)) {
        String name = value.trim();
        if (!name.isEmpty()) {
          offered.add(name);
        }
      }
    }
    return Collections.unmodifiableList(offered);
  }

  /**
   * Returns the address of the connection's other end. Behind a proxy this is the proxy, unless the
   * server is configured to trust the proxy's headers.
   *
   * @return an address without a port, or nothing if the container does not expose it
   */
  Optional<String> remoteAddress();

  /**
   * Returns the user whom the server authenticated.
   *
   * @return the principal, or nothing if the request is not authenticated
   */
  Optional<Principal> principal();
}
