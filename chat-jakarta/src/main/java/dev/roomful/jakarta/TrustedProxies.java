package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a client behind proxies. Each proxy appends the address that it was called
 * from, so the header is read from its end, and only as far as the addresses are those of trusted
 * proxies. What a client has sent in the header itself is never reached.
 */
final class TrustedProxies {
  private static final String FORWARDED = "forwarded";

  /** The parameter {@code for} of RFC 7239 section 4. */
  private static final Pattern FOR =
      Pattern.compile("(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)", Pattern.CASE_INSENSITIVE);

  /** An address of version 4 or, in brackets, of version 6, with a port. */
  private static final Pattern WITH_PORT =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[^]]*])(?::[^:]*)?");

  /** What looks otherwise, InetAddress would take for a host name and ask a name server. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}|[0-9a-f:.]*:[0-9a-f:.]*");

  private static final class Range {
    private final byte[] network;
    private final int bits;

    Range(byte[] network, int bits) {
      this.network = network;
      this.bits = bits;
    }

    static Range of(String text) {
      int slash = text.indexOf('/');
      byte[] network = parse(slash < 0 ? text : text.substring(0, slash));
      try {
        if (network != null) {
          int all = network.length * 8;
          int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
          if (bits >= 0 && bits <= all) {
            return new Range(network, bits);
          }
        }
      } catch (NumberFormatException malformed) {
        // reported below
      }
      throw new IllegalArgumentException(
          "trusted proxy \""
              + text
              + "\" is not an address or a range of addresses: write it as 192.0.2.1, 10.0.0.0/8"
              + " or 2001:db8::/32");
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      int mask = (0xff00 >> (bits % 8)) & 0xff;
      return Arrays.equals(address, 0, whole, network, 0, whole)
          && (mask == 0 || (address[whole] & mask) == (network[whole] & mask));
    }
  }

  private final String header;
  private final List<Range> ranges;

  /**
   * @param header the header that the proxies append to
   * @throws IllegalArgumentException if an entry is no address and no range
   */
  TrustedProxies(String header, List<String> proxies) {
    this.header = header.toLowerCase(Locale.ROOT);
    this.ranges = proxies.stream().map(Range::of).toList();
  }

  /** {@return the address of the client of this request, which may be the peer's own} */
  @Nullable String clientOf(Handshake handshake, @Nullable String peer) {
    String client = peer;
    List<String> hops =
        handshake.headers().getOrDefault(header, List.of()).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .toList();
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      Optional<String> next = address(hops.get(i).strip());
      if (next.isEmpty()) {
        return client; // "unknown" or an obfuscated name: the last address that is known
      }
      client = next.get();
    }
    return client;
  }

  private boolean isTrusted(@Nullable String address) {
    byte[] bytes = address == null ? null : parse(address);
    return bytes != null && ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  private Optional<String> address(String hop) {
    String value = hop;
    if (header.equals(FORWARDED)) {
      Matcher parameter = FOR.matcher(hop);
      value = parameter.find() ? parameter.group(1).replace("\"", "") : "";
    }
    Matcher withPort = WITH_PORT.matcher(value);
    if (withPort.matches()) {
      value = withPort.group(1).replace("[", "").replace("]", "");
    }
    return parse(value) == null ? Optional.empty() : Optional.of(value);
  }

  /** {@return the bytes of an address, or null for anything else; never asks a name server} */
  private static byte @Nullable [] parse(String address) {
    int zone = address.indexOf('%'); // as in fe80::1%eth0
    String literal = (zone < 0 ? address : address.substring(0, zone)).toLowerCase(Locale.ROOT);
    if (!LITERAL.matcher(literal).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException malformed) {
      return null;
    }
  }
}
