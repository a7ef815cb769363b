package dev.roomful;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which browsers' pages may connect (RFC 6455 section 10.2): those of the same origin as the {@code
 * Host}, and those on the allow-list. A client without an {@code Origin} is no browser.
 */
final class Origins {
  private final Set<String> allowed;
  private final boolean required;

  Origins(Set<String> allowed, boolean required) {
    this.allowed = Set.copyOf(allowed);
    this.required = required;
  }

  Optional<Refusal> check(Handshake handshake) {
    Optional<String> origin = handshake.header("origin");
    if (origin.isEmpty()) {
      return required
          ? Optional.of(new Refusal(403, Refusal.ORIGIN, "an Origin header is required"))
          : Optional.empty();
    }
    String given = origin.get().toLowerCase(Locale.ROOT);
    if (allowed.contains("*")
        || allowed.contains(given)
        || handshake.header("host").filter(host -> isSame(given, host)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new Refusal(403, Refusal.ORIGIN, "this origin is not allowed"));
  }

  /** An entry of the allow-list in the form that browsers send, or an error that names it. */
  static String checked(String origin) {
    String plain = origin.toLowerCase(Locale.ROOT);
    boolean fits =
        plain.equals("*") || plain.equals("null") || plain.matches("[a-z][a-z0-9+.-]*://[^/?#@]+");
    if (!fits) {
      throw new IllegalArgumentException(
          "the allowed origin \""
              + origin
              + "\" is not of the form scheme://host or scheme://host:port");
    }
    return plain;
  }

  /**
   * The scheme is not compared: behind a proxy that ends TLS the server does not know its own. Nor
   * is it parsed as a URI: that knows no host with an underscore, which networks of containers
   * have.
   */
  private static boolean isSame(String origin, String host) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return false;
    }
    String usualPort = origin.startsWith("https:") ? ":443" : ":80";
    String own = without(usualPort, host.toLowerCase(Locale.ROOT));
    return !own.isEmpty() && without(usualPort, origin.substring(end + 3)).equals(own);
  }

  private static String without(String port, String authority) {
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }
}
