package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testkit.ConnectRequest;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.LogCapture;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server accepts that an example runs on. */
class HostTest {
  private static final String ORIGIN = "https://chat.example.org";
  private static final Duration BOUND = Duration.ofSeconds(20);

  /** Tomcat has no limit for the whole request. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT")
  void aHandshakeThatIsSentByteByByteIsEndedAfterTheRequestTimeout(Host.Kind server)
      throws Exception {
    Listener listener = RunningExample.listener(0).withRequestTimeout(Duration.ofMillis(300));
    try (RunningExample chat = start(server, listener);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), chat.port())) {
      OutputStream out = slow.getOutputStream();
      out.write("GET /ws HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.UTF_8));
      slow.setSoTimeout(50);
      long end = System.nanoTime() + BOUND.toNanos();
      boolean open = true;
      while (open && System.nanoTime() < end) {
        open = isOpenAfterOneMoreByte(slow);
      }
      assertEquals(false, open, "the server still waits for the rest of the request");
      try (WireClient ann = chat.connect("/ws")) {
        ann.text("hello");
        assertEquals("Message text was: hello", ann.nextText());
      }
    }
  }

  private static boolean isOpenAfterOneMoreByte(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException silent) {
      return true;
    } catch (SocketException reset) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionOutlivesTheRequestTimeout(Host.Kind server) throws Exception {
    Duration timeout = Duration.ofMillis(300);
    try (RunningExample chat =
            start(server, RunningExample.listener(0).withRequestTimeout(timeout));
        WireClient ann = chat.connect("/ws")) {
      ann.assertSilent(timeout.multipliedBy(3));
      ann.text("hello");
      assertEquals("Message text was: hello", ann.nextText());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageOfAnotherOriginMayConnectOnlyIfTheOriginIsAllowed(Host.Kind server) throws Exception {
    for (Example example : List.of(Example.ECHO, Example.ROOMS)) {
      ChatSettings settings = RunningExample.settings(example);
      try (RunningExample chat =
          RunningExample.start(server, example, RunningExample.listener(0), settings)) {
        assertEquals(403, statusOfRejection(dial(chat, example).header("Origin", ORIGIN)));
      }
      ChatSettings allowing = settings.withAllowedOrigins(List.of(ORIGIN));
      try (RunningExample chat =
          RunningExample.start(server, example, RunningExample.listener(0), allowing)) {
        dial(chat, example).header("Origin", ORIGIN).connect().close();
        assertEquals(
            403, statusOfRejection(dial(chat, example).header("Origin", ORIGIN + ":8443")));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "JETTY,    X-Forwarded-Host, chat.example.org",
    "JETTY,    Forwarded,        host=chat.example.org;proto=https",
    "TOMCAT,   X-Forwarded-Host, chat.example.org",
    "UNDERTOW, X-Forwarded-Host, chat.example.org",
    "UNDERTOW, Forwarded,        host=chat.example.org;proto=https"
  })
  void theHostThatAProxyForwardsCountsOnlyIfTheProxyIsTrusted(
      Host.Kind server, String header, String value) throws Exception {
    Listener listener = RunningExample.listener(0);
    try (RunningExample chat = start(server, listener)) {
      assertEquals(403, statusOfRejection(forwarded(chat, header, value)));
    }
    try (RunningExample chat = start(server, listener.withTrustForwarded(true))) {
      try (WireClient ann = forwarded(chat, header, value).connect()) {
        ann.text("hello");
        assertEquals("Message text was: hello", ann.nextText());
      }
      assertEquals(403, statusOfRejection(dial(chat, Example.ECHO).header("Origin", ORIGIN)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerStopsWithoutAWarning(Host.Kind server) throws Exception {
    try (LogCapture log = new LogCapture("")) {
      start(server, RunningExample.listener(0)).close();
      assertEquals(List.of(), log.messages());
    }
  }

  private static RunningExample start(Host.Kind server, Listener listener) throws Exception {
    return RunningExample.start(
        server, Example.ECHO, listener, RunningExample.settings(Example.ECHO));
  }

  private static ConnectRequest forwarded(RunningExample chat, String header, String value) {
    return dial(chat, Example.ECHO)
        .header("Origin", ORIGIN)
        .header("X-Forwarded-Proto", "https")
        .header(header, value);
  }

  private static ConnectRequest dial(RunningExample chat, Example example) {
    return WireClient.request(URI.create("ws://127.0.0.1:" + chat.port() + example.path));
  }

  private static int statusOfRejection(ConnectRequest dial) {
    WireClient.Rejected refused = assertThrows(WireClient.Rejected.class, dial::connect);
    assertTrue(refused.body().contains("origin"), refused::body);
    return refused.status();
  }
}
