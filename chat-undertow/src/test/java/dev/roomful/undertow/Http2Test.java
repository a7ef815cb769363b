package dev.roomful.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Http2Settings;
import dev.roomful.testsupport.TestCertificate;
import io.undertow.UndertowOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Undertow with HTTP/2. It does not offer extended CONNECT (RFC 8441), so clients load pages over
 * HTTP/2 and open the socket on another connection, with HTTP/1.1.
 */
class Http2Test {
  @TempDir Path folder;

  private SSLContext tls;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    tls = certificate.sslContext();
    server = new TestServer(certificate);
    server.builder.setServerOption(UndertowOptions.ENABLE_HTTP2, true);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void theServerOffersNoExtendedConnectSoClientsUseHttp11() throws Exception {
    Chat chat = server.chat(new RecordingHandler(), TestServer.LIMITS);
    server.serve(chat);
    assertFalse(Http2Settings.offerExtendedConnect(server.port(), tls));
    WireClient ann = server.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
  }

  @Test
  void aRequestOverHttp2IsRejectedWithTheRemedy() throws Exception {
    server.serve(server.chat(new RecordingHandler(), TestServer.LIMITS));
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_2)
            .build()
            .send(
                HttpRequest.newBuilder(server.uri("http", "/chat/hall/ann")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(426, response.statusCode());
    assertEquals(Optional.empty(), response.headers().firstValue("Upgrade"));
    assertEquals(
        "this address accepts only WebSocket connections: over HTTP/2 use extended CONNECT (RFC"
            + " 8441), or connect with HTTP/1.1\n",
        response.body());
  }
}
