package dev.roomful.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.Chat;
import dev.roomful.testkit.RecordingHandler;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Http2Settings;
import dev.roomful.testsupport.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connector with HTTP/2. Tomcat does not offer WebSocket over HTTP/2 (RFC 8441), so clients open
 * another connection with HTTP/1.1 for it, as browsers do.
 */
class Http2Test {
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
    assertFalse(Http2Settings.offerExtendedConnect(testServer.port(), certificate.sslContext()));
    WireClient ann = testServer.join(chat, "hall", "ann");
    ann.text("hello");
    assertEquals("hello", ann.nextText());
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
