package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.TestCertificate;
import java.io.DataInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connector with HTTP/2. Tomcat does not offer WebSocket over HTTP/2 (RFC 8441), so clients open
 * another connection with HTTP/1.1 for it, as browsers do.
 */
class Http2Test {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int SETTINGS = 4;
  private static final int ENABLE_CONNECT_PROTOCOL = 8; // RFC 8441 section 3

  @TempDir Path folder;

  private TestServer testServer = new TestServer();

  @AfterEach
  void stop() throws Exception {
    testServer.stop();
  }

  @Test
  void webSocketOverHttp2IsNotOfferedAndTheChatIsServedOverHttp1() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    testServer = new TestServer(certificate);
    testServer.connector.addUpgradeProtocol(new Http2Protocol());
    Chat chat = testServer.chat(new RecordingHandler(), ServerFixture.LIMITS);
    testServer.serve(chat);
    List<Integer> settings = settingsOverTls(certificate);
    assertFalse(settings.contains(ENABLE_CONNECT_PROTOCOL), settings.toString());
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }

  /** {@return the identifiers of the settings that the server sends first} */
  private List<Integer> settingsOverTls(TestCertificate certificate) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            certificate
                .sslContext()
                .getSocketFactory()
                .createSocket("localhost", testServer.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(5000);
      socket.startHandshake();
      assertEquals("h2", socket.getApplicationProtocol());
      socket.getOutputStream().write(PREFACE);
      socket.getOutputStream().write(EMPTY_SETTINGS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] header = in.readNBytes(9);
      assertEquals(SETTINGS, header[3]);
      int length = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | (header[2] & 0xFF);
      ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
      List<Integer> identifiers = new ArrayList<>();
      while (payload.hasRemaining()) {
        identifiers.add((int) payload.getShort());
        payload.getInt();
      }
      assertTrue(!identifiers.isEmpty(), "Tomcat sends settings");
      return identifiers;
    }
  }

  @Test
  void theChatIsServedBesideHttp2WithoutTls() throws Exception {
    testServer.connector.addUpgradeProtocol(new Http2Protocol());
    Chat chat = testServer.chat(new RecordingHandler(), ServerFixture.LIMITS);
    testServer.serve(chat);
    URI address = testServer.uri("http", "/chat/hall/ann");
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .build()
            .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(426, response.statusCode());
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }
}
