package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.ForwardedHandler;
import io.undertow.server.handlers.ProxyPeerAddressHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.net.InetSocketAddress;
import java.net.URI;
import org.xnio.Options;

/** A page and a chat on Undertow. */
final class UndertowHost implements Host {
  private static final int STOP_TIMEOUT_MILLIS = 2_000;

  private final Undertow server;
  private final DeploymentManager deployment;

  UndertowHost(HttpServlet pages, JakartaChat chat, Listener listener) throws Exception {
    DeploymentInfo app =
        Servlets.deployment()
            .setDeploymentName("example")
            .setContextPath("/")
            .setClassLoader(UndertowHost.class.getClassLoader())
            .addServlet(
                Servlets.servlet("pages", HttpServlet.class, new ImmediateInstanceFactory<>(pages))
                    .addMapping("/"));
    UndertowChat.mount(chat, app);
    deployment = Servlets.newContainer().addDeployment(app);
    deployment.deploy();
    server =
        Undertow.builder()
            .addHttpListener(listener.port(), listener.host())
            // On one processor Undertow's default is two threads, which interrupt each other.
            .setIoThreads(Runtime.getRuntime().availableProcessors())
            .setSocketOption(Options.BACKLOG, 4096)
            .setServerOption(
                UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) listener.requestTimeout().toMillis())
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, STOP_TIMEOUT_MILLIS)
            .setHandler(handler(listener, deployment.start()))
            .build();
    try {
      server.start();
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private static HttpHandler handler(Listener listener, HttpHandler next) {
    return listener.trustForwarded()
        ? new ProxyPeerAddressHandler(new ForwardedHandler(next))
        : next;
  }

  @Override
  public URI uri() {
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    return URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/");
  }

  @Override
  public void close() {
    try {
      deployment.stop();
    } catch (ServletException failure) {
      throw new IllegalStateException("Undertow did not stop", failure);
    } finally {
      deployment.undeploy();
      server.stop();
    }
  }
}
