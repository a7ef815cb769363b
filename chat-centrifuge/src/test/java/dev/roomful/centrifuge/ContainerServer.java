package dev.roomful.centrifuge;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server with several mounts of a chat. */
final class ContainerServer implements AutoCloseable {
  private final URI uri;
  private final StopAction stop;

  private ContainerServer(int port, StopAction stop) {
    this.uri = URI.create("ws://127.0.0.1:" + port);
    this.stop = stop;
  }

  private interface StopAction {
    void stop() throws Exception;
  }

  /** The servers, by name. */
  enum Kind {
    JETTY,
    UNDERTOW
  }

  static ContainerServer start(Kind kind, List<JakartaChat> mounts) throws Exception {
    return kind == Kind.JETTY ? jetty(mounts) : undertow(mounts, app -> {});
  }

  private static ContainerServer jetty(List<JakartaChat> mounts) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    mounts.forEach(mount -> JettyChat.mount(mount, context));
    server.start();
    return new ContainerServer(connector.getLocalPort(), server::stop);
  }

  /** Starts Undertow with a change of its deployment, such as a filter. */
  static ContainerServer undertow(List<JakartaChat> mounts, Consumer<DeploymentInfo> change)
      throws Exception {
    DeploymentInfo app =
        Servlets.deployment()
            .setDeploymentName("app")
            .setContextPath("/")
            .setClassLoader(ContainerServer.class.getClassLoader());
    mounts.forEach(mount -> UndertowChat.mount(mount, app));
    change.accept(app);
    DeploymentManager manager = Servlets.newContainer().addDeployment(app);
    manager.deploy();
    Undertow server =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(manager.start()).build();
    server.start();
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    return new ContainerServer(
        address.getPort(),
        () -> {
          manager.stop();
          manager.undeploy();
          server.stop();
        });
  }

  URI uri() {
    return uri;
  }

  @Override
  public void close() {
    try {
      stop.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("the server did not stop", failure);
    }
  }
}
