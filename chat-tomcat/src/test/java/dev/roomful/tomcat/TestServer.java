package dev.roomful.tomcat;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat with chats in its only context. */
class TestServer extends ServerFixture {
  static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

  final Tomcat tomcat = new Tomcat();
  final Connector connector;
  final Context context;
  private final Path folder = newFolder();
  private boolean stopped;

  TestServer() {
    this("HTTP/1.1");
  }

  /**
   * @param protocol the name of Tomcat's protocol, or the class of a protocol handler
   */
  TestServer(String protocol) {
    super(null);
    connector = new Connector(protocol);
    context = prepare();
  }

  /** A server that accepts connections over TLS only. */
  TestServer(TestCertificate certificate) throws IOException, GeneralSecurityException {
    super(certificate.sslContext());
    connector = new Connector();
    connector.setProperty("SSLEnabled", "true");
    connector.setScheme("https");
    connector.setSecure(true);
    SSLHostConfig tls = new SSLHostConfig();
    SSLHostConfigCertificate key =
        new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
    key.setCertificateKeystoreFile(certificate.keyStoreFile().toString());
    key.setCertificateKeystorePassword(TestCertificate.PASSWORD);
    tls.addCertificate(key);
    connector.addSslHostConfig(tls);
    context = prepare();
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("roomful-tomcat-test");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Context prepare() {
    tomcat.setBaseDir(folder.toString());
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.setThrowOnFailure(true);
    tomcat.setConnector(connector);
    Context created = tomcat.addContext("", null);
    ((StandardContext) created).setClearReferencesRmiTargets(false);
    ((StandardContext) created).setClearReferencesThreadLocals(false);
    return created;
  }

  @Override
  public void mount(Chat chat, String path) {
    TomcatChat.mount(chat, context, path);
  }

  /** Mounts a chat with another binding, and starts. */
  void serve(Chat chat, ServerBinding binding) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).withBinding(binding);
    context.addServletContainerInitializer(new WsSci(), Set.of());
    context.addServletContainerInitializer((classes, started) -> mount.addTo(started), Set.of());
    start();
  }

  @Override
  public void start() throws LifecycleException {
    tomcat.start();
  }

  @Override
  public void stopApplication() throws LifecycleException {
    context.stop();
  }

  @Override
  public void stopServer() throws LifecycleException {
    if (stopped) {
      return;
    }
    stopped = true;
    tomcat.stop();
    tomcat.destroy();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }
}
