package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static String client(String header, String peer, List<String> lines, String... proxies) {
    HandshakeSnapshot handshake =
        new HandshakeSnapshot(Map.of(), null, Map.of(header, lines), peer, null, Map.of());
    return handshake
        .behind(new TrustedProxies(header, List.of(proxies)))
        .remoteAddress()
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // peer | header | client
        "10.0.0.9 | 192.0.2.1 | 192.0.2.1",
        "10.0.0.9 | 192.0.2.1, 10.1.2.3 | 192.0.2.1",
        "10.0.0.9 | 198.51.100.7, 192.0.2.1 | 192.0.2.1",
        "10.0.0.9 | 10.1.1.1, 10.2.2.2 | 10.1.1.1",
        "10.0.0.9 | 192.0.2.1:5555 | 192.0.2.1",
        "10.0.0.9 | [2001:db8::1]:5555 | 2001:db8::1",
        "10.0.0.9 | 2001:db8::1 | 2001:db8::1",
        "10.0.0.9 | unknown | 10.0.0.9",
        "10.0.0.9 | 192.0.2.1, not.a.host, 10.1.1.1 | 10.1.1.1",
        "11.0.0.9 | 192.0.2.1 | 11.0.0.9",
        "fd00::1 | 192.0.2.1 | 192.0.2.1",
        "fe00::1 | 192.0.2.1 | fe00::1",
      })
  void theClientIsTheLastAddressThatIsNoTrustedProxy(String peer, String header, String client) {
    assertEquals(
        client, client("x-forwarded-for", peer, List.of(header), "10.0.0.0/8", "fd00::/8"));
  }

  @Test
  void severalLinesAreOneList() {
    assertEquals(
        "192.0.2.1",
        client(
            "x-forwarded-for",
            "10.0.0.9",
            List.of("7.7.7.7", "192.0.2.1, 10.1.1.1"),
            "10.0.0.0/8"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.1;proto=https | 192.0.2.1",
        "proto=https;FOR=192.0.2.1 | 192.0.2.1",
        "for=7.7.7.7, for=\"[2001:db8::1]:4711\" | 2001:db8::1",
        "for=7.7.7.7, for=_hidden | 10.0.0.9",
        "by=192.0.2.1 | 10.0.0.9",
      })
  void theForParameterOfForwardedIsRead(String header, String client) {
    assertEquals(client, client("forwarded", "10.0.0.9", List.of(header), "10.0.0.9"));
  }

  @Test
  void withoutTheHeaderTheClientIsThePeer() {
    assertEquals("10.0.0.9", client("x-forwarded-for", "10.0.0.9", List.of(), "10.0.0.0/8"));
  }

  @Test
  void bitsOfARangeThatFillNoByteAreCompared() {
    assertEquals("192.0.2.1", client("x", "172.31.0.1", List.of("192.0.2.1"), "172.16.0.0/12"));
    assertEquals("172.32.0.1", client("x", "172.32.0.1", List.of("192.0.2.1"), "172.16.0.0/12"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.example",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "10.0.0/8",
        "10.0.0.256",
        "",
        "1::2/-1"
      })
  void anEntryThatIsNoAddressIsRejectedWithTheRemedy(String entry) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new TrustedProxies("x-forwarded-for", List.of(entry)));
    assertEquals(
        "trusted proxy \""
            + entry
            + "\" is not an address or a range of addresses: write it as 192.0.2.1, 10.0.0.0/8 or"
            + " 2001:db8::/32",
        thrown.getMessage());
  }
}
