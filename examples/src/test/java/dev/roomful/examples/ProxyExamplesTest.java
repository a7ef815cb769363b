package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import dev.roomful.testsupport.Http2Settings;
import dev.roomful.testsupport.TestCertificate;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the configurations of proxies in {@code docs/deployment.md}, with other ports, certificates
 * and times, in front of a chat below a path prefix. The proxies call the server from an address of
 * their own, so that the client's can be told from it.
 */
class ProxyExamplesTest {
  private static final String PROXY_ADDRESS = "127.0.0.9";
  private static final Duration PROXY_TIMEOUT = Duration.ofSeconds(1);

  @TempDir Path folder;

  private final List<String> addresses = new CopyOnWriteArrayList<>();
  private final Chat chat =
      Chat.builder(
              new RoomHandler() {
                @Override
                public void onMessage(Room room, Message message) {
                  room.publish(message);
                }
              })
          .authenticator(
              handshake -> {
                addresses.add(handshake.remoteAddress().orElse("none"));
                return AcceptedAdmission.of("ann", handshake.path("room").orElse("lobby"));
              })
          .limits(Limits.defaults().withPingInterval(Duration.ofMillis(200)))
          .build();
  private TestCertificate certificate;
  private Host server;
  private Process proxy;
  private int port;

  /** The proxies of the document. */
  enum Proxy {
    NGINX("/usr/sbin/nginx") {
      @Override
      List<String> command(Path folder, String configuration) throws IOException {
        String temporary = "";
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
          temporary += "  " + kind + "_temp_path " + folder.resolve(kind) + ";\n";
        }
        Path file = folder.resolve("nginx.conf");
        Files.writeString(
            file,
            "daemon off;\npid "
                + folder.resolve("pid")
                + ";\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n"
                + temporary
                + configuration.replace(
                    "proxy_http_version", "proxy_bind " + PROXY_ADDRESS + "; proxy_http_version")
                + "}\n");
        return List.of(program, "-p", folder.toString(), "-c", file.toString());
      }
    },
    HAPROXY("/usr/sbin/haproxy") {
      @Override
      List<String> command(Path folder, String configuration) throws IOException {
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(
            file, configuration.replaceFirst("(server one \\S+)", "$1 source " + PROXY_ADDRESS));
        return List.of(program, "-db", "-f", file.toString());
      }
    };

    final String program;

    Proxy(String program) {
      this.program = program;
    }

    abstract List<String> command(Path folder, String configuration) throws IOException;
  }

  @BeforeEach
  void startServer() throws Exception {
    certificate = TestCertificate.create(folder);
    server =
        new JettyHost(
            new HttpServlet() {
              private static final long serialVersionUID = 1;
            },
            JakartaChat.of(chat, "/chat/{room}")
                .withTrustedProxies("X-Forwarded-For", PROXY_ADDRESS),
            RunningExample.listener(0));
  }

  @AfterEach
  void stop() throws Exception {
    if (proxy != null) {
      proxy.descendants().forEach(ProcessHandle::destroy);
      proxy.destroy();
      proxy.waitFor(10, TimeUnit.SECONDS);
    }
    server.close();
  }

  private void start(Proxy kind) throws Exception {
    if (!Files.isExecutable(Path.of(kind.program))) {
      if ("true".equals(System.getenv("ROOMFUL_REQUIRE_PROXIES"))) {
        fail("no " + kind.program + ": install it with the packages of your system");
      }
      abort("no " + kind.program);
    }
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path pem = writePem();
    String configuration =
        documented(kind)
            .replace("127.0.0.1:8080", "127.0.0.1:" + server.uri().getPort())
            .replaceAll("(?<=listen |bind :)443", Integer.toString(port))
            .replaceAll("/etc/\\S*chat\\.(crt|key|pem)", Matcher.quoteReplacement(pem.toString()))
            .replace("75s", PROXY_TIMEOUT.toSeconds() + "s");
    Path log = folder.resolve("proxy.log");
    proxy =
        new ProcessBuilder(kind.command(folder, configuration))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Await.until("the proxy listens or has failed", () -> isListening() || !proxy.isAlive());
    assertTrue(proxy.isAlive(), () -> read(log));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket("localhost", port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static String documented(Proxy kind) throws IOException {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Matcher block =
        Pattern.compile("<!-- proxy: " + name + " -->\n```\\w+\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "deployment.md")));
    if (!block.find()) {
      throw new AssertionError("docs/deployment.md has no configuration of " + name);
    }
    return block.group(1);
  }

  /** {@return a file with the certificate and its key} */
  private Path writePem() throws Exception {
    KeyStore keys =
        KeyStore.getInstance(
            new File(certificate.keyStoreFile().toString()),
            TestCertificate.PASSWORD.toCharArray());
    List<String> lines = new ArrayList<>();
    lines.add(pem("CERTIFICATE", keys.getCertificate("localhost").getEncoded()));
    lines.add(
        pem(
            "PRIVATE KEY",
            keys.getKey("localhost", TestCertificate.PASSWORD.toCharArray()).getEncoded()));
    return Files.write(folder.resolve("chat.pem"), lines);
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----";
  }

  private WireClient connect(String origin) throws Exception {
    return WireClient.request(URI.create("wss://localhost:" + port + "/team/chat/hall"))
        .tls(certificate.sslContext())
        .header("Origin", origin)
        .header("X-Forwarded-For", "203.0.113.66")
        .connect();
  }

  @ParameterizedTest
  @EnumSource
  void theChatIsReachedBelowThePrefixAndKnowsTheClient(Proxy kind) throws Exception {
    start(kind);
    try (WireClient ann = connect("https://localhost:" + port)) {
      ann.text("hello");
      assertEquals("hello", ann.nextText());
      assertEquals(List.of("127.0.0.1"), addresses, "neither the proxy nor what the client claims");
      assertEquals(
          403,
          assertThrows(WireClient.Rejected.class, () -> connect("https://evil.example")).status());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pingsKeepASilentSocketOpenBeyondTheTimeoutsOfTheProxy(Proxy kind) throws Exception {
    start(kind);
    try (WireClient ann = connect("https://localhost:" + port)) {
      ann.assertSilent(PROXY_TIMEOUT.multipliedBy(3));
      ann.text("still here");
      assertEquals("still here", ann.nextText());
    }
  }

  @Test
  void haproxyOffersExtendedConnectToBrowsers() throws Exception {
    start(Proxy.HAPROXY);
    assertTrue(Http2Settings.offerExtendedConnect(port, certificate.sslContext()));
  }
}
