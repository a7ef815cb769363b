package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testsupport.RedisServer;
import dev.roomful.testsupport.TestCertificate;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisTlsTest {
  @TempDir static Path folder;
  private static TestCertificate certificate;
  private static RedisServer server;
  private static String uri;

  private final RecordingListener listener = new RecordingListener();

  @BeforeAll
  static void startServer() throws Exception {
    certificate = TestCertificate.create(folder);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate.keyStoreFile())) {
      keys.load(in, TestCertificate.PASSWORD.toCharArray());
    }
    Key key = keys.getKey("localhost", TestCertificate.PASSWORD.toCharArray());
    Path keyFile = pem("PRIVATE KEY", key.getEncoded());
    Path certificateFile = pem("CERTIFICATE", keys.getCertificate("localhost").getEncoded());
    int tlsPort = RedisServer.freePort();
    server =
        RedisServer.start(
            folder.resolve("redis"),
            "--tls-port",
            Integer.toString(tlsPort),
            "--tls-cert-file",
            certificateFile.toString(),
            "--tls-key-file",
            keyFile.toString(),
            "--tls-auth-clients",
            "no");
    uri = "rediss://localhost:" + tlsPort;
  }

  private static Path pem(String type, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve(type.replace(' ', '-') + ".pem"),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void aClientThatTrustsTheCertificateConnects() throws Exception {
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .sslOptions(
                SslOptions.builder()
                    .truststore(certificate.keyStoreFile().toFile(), TestCertificate.PASSWORD)
                    .build())
            .build());
    try (RedisCluster engine = RedisCluster.of(client)) {
      engine.start(listener);
      Operations.callAll(engine, listener, "trusted");
    } finally {
      client.shutdown();
    }
  }

  @Test
  void anAddressMayTurnTheCheckOfTheCertificateOff() throws Exception {
    try (RedisCluster engine = RedisCluster.connect(uri + "?verifyPeer=NONE")) {
      engine.start(listener);
      Operations.callAll(engine, listener, "unchecked");
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsRejected() {
    try (RedisCluster engine = RedisCluster.connect(uri)) {
      String message =
          assertThrows(IllegalStateException.class, () -> engine.start(listener)).getMessage();
      assertTrue(message.contains("unable to find valid certification path"), message);
      assertTrue(message.endsWith("or TLS"), message);
    }
  }
}
