package dev.roomful.undertow;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.transport.Gateway;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.ThreadSetupHandler;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * A chat on Undertow: mounted on the application's own deployment, beside its other servlets, or on
 * an embedded server for an application that has none.
 *
 * <pre>{@code
 * DeploymentInfo app = Servlets.deployment()
 *     .setDeploymentName("app").setContextPath("/").setClassLoader(App.class.getClassLoader());
 * UndertowChat.mount(Chat.of(new RoomHandler() {}), app, "/chat/{room}");
 * DeploymentManager manager = Servlets.defaultContainer().addDeployment(app);
 * manager.deploy();
 * Undertow.builder().addHttpListener(8080, "localhost").setHandler(manager.start()).build().start();
 * }</pre>
 */
public final class UndertowChat implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  /**
   * For how long, in milliseconds, a handler that does not return may hold up the server's stop.
   */
  private static final int SHUTDOWN_TIMEOUT_MILLIS = 2000;

  private final Undertow server;
  private final DeploymentManager deployment;
  private final Chat chat;
  private final AtomicBoolean closed = new AtomicBoolean();

  private UndertowChat(Undertow server, DeploymentManager deployment, Chat chat) {
    this.server = server;
    this.deployment = deployment;
    this.chat = chat;
  }

  /**
   * Mounts a chat on a deployment that has not been added to a container. The deployment's own
   * filters run before it; WebSocket endpoints of its own stay as they are. When it is undeployed,
   * the chat is closed. ({@code Undertow.stop} alone undeploys nothing, and cuts every connection
   * without a close frame: undeploy, or close the chat, before.)
   *
   * @param chat the chat
   * @param deployment the application's deployment
   * @param path a path below the context path, such as {@code /chat/{room}}; the doorman reads its
   *     parameters
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if another chat is mounted whose path begins alike
   */
  public static void mount(Chat chat, DeploymentInfo deployment, String path) {
    mount(JakartaChat.of(chat, path), deployment);
  }

  /**
   * Mounts a chat with settings of its own, such as subprotocols. Its wiring is replaced by
   * Undertow's.
   *
   * @param mount the chat, the path and the settings
   * @param deployment the application's deployment
   * @throws IllegalStateException if another chat is mounted whose path begins alike
   */
  public static void mount(JakartaChat mount, DeploymentInfo deployment) {
    JakartaChat undertow = mount.withBinding(new UndertowBinding());
    deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        webSocketDeployment(
            deployment.getServletContextAttributes().get(WebSocketDeploymentInfo.ATTRIBUTE_NAME)));
    String mapping = undertow.servletMapping();
    String name = "roomful " + mapping;
    if (deployment.getServlets().containsKey(name)) {
      throw new IllegalStateException(
          "a chat is mounted at "
              + mapping
              + " already: let their paths differ before the first parameter");
    }
    deployment.addServlet(
        Servlets.servlet(
                name, HttpServlet.class, new ImmediateInstanceFactory<>(undertow.servlet()))
            .addMapping(mapping)
            .setExecutor(handshakeExecutor(Gateway.of(undertow.chat()).callbackExecutor())));
    deployment.addThreadSetupAction(
        new ThreadSetupHandler() {
          @Override
          public <T, C> Action<T, C> create(Action<T, C> action) {
            return UndertowUpgrade.clearingAfterUpgrade(action);
          }
        });
    ServletContextListener closeOnUndeploy =
        new ServletContextListener() {
          @Override
          public void contextDestroyed(ServletContextEvent event) {
            undertow.chat().close();
          }
        };
    deployment.addListener(
        new ListenerInfo(
            ServletContextListener.class, new ImmediateInstanceFactory<>(closeOnUndeploy)));
  }

  /**
   * Runs handshakes on the chat's executor, since authenticators may block: on Undertow's workers,
   * a few slow ones would keep all other requests of the server waiting.
   */
  private static Executor handshakeExecutor(Executor callbackExecutor) {
    return handshake ->
        callbackExecutor.execute(
            () -> {
              XnioIoThread ioThread = XnioIoThread.currentThread();
              if (ioThread == null) {
                handshake.run();
              } else { // The chat has closed and its executor runs tasks on the caller.
                ioThread.getWorker().execute(handshake);
              }
            });
  }

  /** The application's own settings where it has some, which are left as they are. */
  private static WebSocketDeploymentInfo webSocketDeployment(@Nullable Object existing) {
    WebSocketDeploymentInfo info =
        existing instanceof WebSocketDeploymentInfo own
            ? own.clone()
            : new WebSocketDeploymentInfo();
    return info.getBuffers() == null
        ? info.setBuffers(new DefaultByteBufferPool(true, BUFFER_BYTES))
        : info;
  }

  /**
   * Starts an embedded server with nothing but the chat; if that fails, the chat is closed.
   *
   * @param chat the chat
   * @param path the path to mount it at
   * @param host the address to listen on, such as {@code 127.0.0.1}
   * @param port the port, 0 for a free one
   * @return the running server
   * @throws Exception if the server does not start, an {@link IOException} if the port is in use
   */
  public static UndertowChat start(Chat chat, String path, String host, int port) throws Exception {
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(UndertowChat.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("roomful");
    mount(chat, info, path);
    DeploymentManager manager = Servlets.newContainer().addDeployment(info);
    manager.deploy();
    Undertow server =
        Undertow.builder()
            .addHttpListener(port, host)
            .setHandler(manager.start())
            .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, SHUTDOWN_TIMEOUT_MILLIS)
            .build();
    try {
      server.start();
    } catch (RuntimeException failure) {
      manager.stop();
      manager.undeploy();
      if (failure.getCause() instanceof IOException cause) {
        throw new IOException("cannot listen on " + host + ":" + port, cause);
      }
      throw failure;
    }
    return new UndertowChat(server, manager, chat);
  }

  /**
   * Where the embedded server listens.
   *
   * @return its address, with scheme {@code http} and no path
   */
  public URI uri() {
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    String host = address.getHostString();
    String literal = host.indexOf(':') < 0 ? host : "[" + host + "]"; // RFC 3986 section 3.2.2
    return URI.create("http://" + literal + ":" + address.getPort());
  }

  /**
   * Closes the chat, politely and within its limit, then stops the server. Calls after the first
   * return at once.
   *
   * @throws IllegalStateException if Undertow fails to stop
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    chat.close();
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
