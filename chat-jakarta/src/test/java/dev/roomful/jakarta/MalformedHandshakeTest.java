package dev.roomful.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status of raw requests, some of which Tomcat rejects before the servlet. */
class MalformedHandshakeTest {
  @TempDir Path folder;

  private final Tomcat tomcat = new Tomcat();
  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .authenticator(
              handshake ->
                  AcceptedAdmission.of(
                      "ann",
                      handshake.path("room").or(() -> handshake.query("room")).orElseThrow()))
          .build();

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", new File(folder.toString()).getAbsolutePath());
    context.addServletContainerInitializer(new WsSci(), Set.of());
    for (String path : new String[] {"/chat/{room}", "/query"}) {
      JakartaChat mount = JakartaChat.of(chat, path);
      Tomcat.addServlet(context, path, mount.servlet()).addMapping(mount.servletMapping());
    }
    tomcat.start();
  }

  @AfterEach
  void stop() throws Exception {
    chat.close();
    tomcat.stop();
    tomcat.destroy();
  }

  private int status(String requestLine, String... headers) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Host", "localhost");
    all.put("Upgrade", "websocket");
    all.put("Connection", "Upgrade");
    all.put("Sec-WebSocket-Version", "13");
    all.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    for (String header : headers) {
      String[] both = header.split(":", 2);
      all.put(both[0], both[1]);
    }
    StringBuilder request = new StringBuilder(requestLine).append("\r\n");
    all.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), tomcat.getConnector().getLocalPort())) {
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      String statusLine =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }
  }

  @Test
  void aCorrectHandshakeIsUpgraded() throws Exception {
    assertEquals(101, status("GET /chat/hall HTTP/1.1"));
    assertEquals(101, status("GET /chat/hall HTTP/1.1", "Upgrade:websocket, foo"));
    assertEquals(101, status("GET /chat/hall HTTP/1.1", "Upgrade:foo/1, WebSocket"));
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-WebSocket-Version:8, 426",
    "Sec-WebSocket-Version:, 426",
    "Sec-WebSocket-Key:abc, 400",
    "Sec-WebSocket-Key:, 400",
    "Upgrade:websockets, 426",
    "Connection:keep-alive, 400"
  })
  void aMalformedHeaderIsAnErrorOfTheClient(String header, int status) throws Exception {
    assertEquals(status, status("GET /chat/hall HTTP/1.1", header));
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD /chat/hall HTTP/1.1, 405",
    "POST /chat/hall HTTP/1.1, 405",
    "GET /chat/hall HTTP/1.0, 400",
    "GET /chat/hall?id=%zz HTTP/1.1, 400",
    "GET /chat/hall?id=%FF HTTP/1.1, 400",
    "GET /chat/%zz HTTP/1.1, 400",
    "GET /chat/%FF HTTP/1.1, 400"
  })
  void aMalformedRequestLineIsAnErrorOfTheClient(String requestLine, int status) throws Exception {
    assertEquals(status, status(requestLine));
  }

  /** As documented at {@link JakartaChat#of}. */
  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "50%25", "a%5Cb", "%2E%2E"})
  void aNameThatServersDecodeDifferentlyIsRejectedInThePathAndAcceptedInTheQuery(String name)
      throws Exception {
    int inPath = status("GET /chat/" + name + " HTTP/1.1");
    // Tomcat resolves dot segments before it looks for a servlet.
    assertEquals(name.equals("%2E%2E") ? 404 : 400, inPath);
    assertEquals(101, status("GET /query?room=" + name + " HTTP/1.1"));
  }
}
