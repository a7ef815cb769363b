package dev.roomful.internal.session;

import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.LogText;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the origin of a handshake (RFC 6455 section 10.2). Pages of the same origin as the {@code
 * Host} header may connect, and those on the allow-list. A client without an {@code Origin} header
 * is no browser.
 */
public final class OriginCheck {
  private static final int MAX_PRINTED_LENGTH = 200;

  private final Set<String> allowed;
  private final boolean required;

  public OriginCheck(Set<String> allowed, boolean required) {
    this.allowed = Set.copyOf(allowed);
    this.required = required;
  }

  public Optional<Rejection> check(Handshake handshake) {
    Optional<String> origin = handshake.header("origin");
    if (origin.isEmpty()) {
      return required
          ? Optional.of(
              new Rejection(
                  403,
                  Rejection.ORIGIN,
                  "The request has no Origin header, which this chat requires."))
          : Optional.empty();
    }
    String normalized = origin.get().toLowerCase(Locale.ROOT);
    if (allowed.contains("*")
        || allowed.contains(normalized)
        || handshake.header("host").filter(host -> isSame(normalized, host)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Rejection(
            403,
            Rejection.ORIGIN,
            "The origin "
                + printable(origin.get())
                + " is not allowed and is not the host "
                + handshake.header("host").map(OriginCheck::printable).orElse("(no Host header)")
                + ". Allow it with Chat.Builder.allowOrigins, or let the proxy pass on the Host"
                + " header."));
  }

  private static String printable(String text) {
    return LogText.printable(text, MAX_PRINTED_LENGTH);
  }

  /**
   * Returns an entry of the allow-list in the form that browsers send.
   *
   * @throws IllegalArgumentException if it is no origin
   */
  public static String validated(String origin) {
    String normalized = origin.toLowerCase(Locale.ROOT);
    boolean valid =
        normalized.equals("*")
            || normalized.equals("null")
            || normalized.matches("[a-z][a-z0-9+.-]*://[^/?#@]+");
    if (!valid) {
      throw new IllegalArgumentException(
          "the allowed origin \""
              + origin
              + "\" is not of the form scheme://host or scheme://host:port");
    }
    return normalized;
  }

  /**
   * Compares an origin with a host, but not the schemes: behind a proxy that ends TLS, the server
   * does not know the scheme that the page uses. Does not parse the origin as a URI, because {@link
   * java.net.URI} rejects hosts with an underscore, which networks of containers have.
   */
  private static boolean isSame(String origin, String host) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return false;
    }
    String defaultPort = origin.startsWith("https:") ? ":443" : ":80";
    String hostWithoutPort = without(defaultPort, host.toLowerCase(Locale.ROOT));
    return !hostWithoutPort.isEmpty()
        && without(defaultPort, origin.substring(end + 3)).equals(hostWithoutPort);
  }

  private static String without(String port, String hostAndPort) {
    return hostAndPort.endsWith(port)
        ? hostAndPort.substring(0, hostAndPort.length() - port.length())
        : hostAndPort;
  }
}
