package dev.roomful.internal.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the connections of each remote address. Addresses of IPv6 count by their first 64 bits,
 * because one client has a whole network of them (RFC 6177). Connections whose transport does not
 * know the address are not counted.
 */
final class AddressCounts {
  private static final int IPV6_NETWORK_BYTES = 8;

  private final int limit;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  /**
   * @param limit the largest number of connections of one address; {@link Integer#MAX_VALUE} for
   *     none, and nothing is counted
   */
  AddressCounts(int limit) {
    this.limit = limit;
  }

  /** {@return whether an address has as many connections as it may have} */
  boolean isFull(Optional<String> address) {
    return isLimited()
        && address.map(text -> counts.getOrDefault(network(text), 0)).orElse(0) >= limit;
  }

  /** Adds a connection. {@return whether its address has more than it may have} */
  boolean add(Optional<String> address) {
    return isLimited()
        && address.map(text -> counts.merge(network(text), 1, Integer::sum)).orElse(0) > limit;
  }

  void remove(Optional<String> address) {
    if (isLimited()) {
      address.ifPresent(
          text -> counts.computeIfPresent(network(text), (key, n) -> n == 1 ? null : n - 1));
    }
  }

  private boolean isLimited() {
    return limit != Integer.MAX_VALUE;
  }

  static String network(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress(); // never a name: it has a colon
      return bytes.length == 2 * IPV6_NETWORK_BYTES
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES))
          : InetAddress.getByAddress(bytes).getHostAddress(); // IPv4 within IPv6
    } catch (UnknownHostException noAddress) {
      return address;
    }
  }
}
