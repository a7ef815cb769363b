package dev.roomful.undertow;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.ServerBinding;
import dev.roomful.testkit.ServerFixture;
import dev.roomful.testsupport.TestCertificate;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Undertow with one deployment of chats. */
class TestServer extends ServerFixture {
  final Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(8);
  final DeploymentInfo deployment =
      Servlets.deployment()
          .setDeploymentName("site")
          .setContextPath("/")
          .setClassLoader(TestServer.class.getClassLoader());
  private final @Nullable SSLContext tls;
  private @Nullable DeploymentManager manager;
  private @Nullable Undertow server;

  TestServer() {
    this((SSLContext) null);
  }

  /** A server that accepts connections over TLS only, if there is a certificate. */
  TestServer(@Nullable TestCertificate certificate) throws IOException, GeneralSecurityException {
    this(certificate == null ? null : certificate.sslContext());
  }

  private TestServer(@Nullable SSLContext tls) {
    super(tls);
    this.tls = tls;
  }

  @Override
  public void mount(Chat chat, String path) {
    UndertowChat.mount(chat, deployment, path);
  }

  /** Mounts a chat with another binding, and starts. */
  void serve(Chat chat, ServerBinding binding) throws Exception {
    JakartaChat mount = JakartaChat.of(chat, PATH).withBinding(binding);
    deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        new WebSocketDeploymentInfo().setBuffers(new DefaultByteBufferPool(true, 16 << 10)));
    deployment.addServlet(
        Servlets.servlet("chat", HttpServlet.class, new ImmediateInstanceFactory<>(mount.servlet()))
            .addMapping(mount.servletMapping()));
    start();
  }

  @Override
  public void start() throws Exception {
    manager = Servlets.newContainer().addDeployment(deployment);
    manager.deploy();
    if (tls == null) {
      builder.addHttpListener(0, "localhost");
    } else {
      builder.addHttpsListener(0, "localhost", tls);
    }
    server = builder.setHandler(manager.start()).build();
    server.start();
  }

  Undertow server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  @Override
  public int port() {
    return ((InetSocketAddress) server().getListenerInfo().get(0).getAddress()).getPort();
  }

  void undeploy() throws Exception {
    DeploymentManager deployed = manager;
    manager = null;
    if (deployed != null) {
      deployed.stop();
      deployed.undeploy();
    }
  }

  @Override
  public void stopApplication() throws Exception {
    undeploy();
  }

  @Override
  public void stopServer() throws Exception {
    Undertow running = server;
    server = null;
    try {
      undeploy();
    } finally {
      if (running != null) {
        running.stop();
      }
    }
  }
}
