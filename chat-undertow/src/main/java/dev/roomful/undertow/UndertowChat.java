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
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * Mounts a chat on Undertow: on the application's own deployment, next to its other servlets, or on
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
 *
 * <p>Handshakes and callbacks run on the chat's executor for callbacks, not on Undertow's workers.
 *
 * <p>An embedded server gives a client 10 seconds to send its handshake, and running requests 2
 * seconds when it stops. On the application's own server, the application sets both:
 *
 * <pre>{@code
 * Undertow.builder()
 *     .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 10_000)
 *     .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 2_000)
 * }</pre>
 *
 * <p>Without {@link UndertowOptions#REQUEST_PARSE_TIMEOUT} a client may send its handshake for as
 * long as it likes. Without {@link UndertowOptions#SHUTDOWN_TIMEOUT}, {@link Undertow#stop} waits
 * for every running request. {@link UndertowOptions#NO_REQUEST_TIMEOUT} ends connections that send
 * no request, by default after 60 seconds. The worker option {@code
 * org.xnio.Options.CONNECTION_HIGH_WATER} limits the open connections, those before their handshake
 * included; by default a million may be open.
 */
public final class UndertowChat implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  /** The time a client has to send its handshake. */
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /** The time for which a request that does not end may delay the server's stop. */
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
   * filters run before it; its own WebSocket endpoints are not affected. Stopping the deployment
   * drains and closes the chat. Call {@code DeploymentManager.stop} and {@code undeploy}, or close
   * the chat, before {@link Undertow#stop}: that method alone ends every connection without a close
   * frame, and Undertow logs a {@code RejectedExecutionException} for each of them.
   *
   * @param chat the chat
   * @param deployment the application's deployment
   * @param path a path below the context path, such as {@code /chat/{room}}; the authenticator
   *     reads its parameters
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if a chat is mounted whose path has the same fixed beginning
   */
  public static void mount(Chat chat, DeploymentInfo deployment, String path) {
    mount(JakartaChat.of(chat, path), deployment);
  }

  /**
   * Mounts a chat with further settings, such as subprotocols. Replaces its {@link
   * dev.roomful.jakarta.ServerBinding} by Undertow's. With {@link JakartaChat#withCloseOnDestroy}
   * set to false, undeploying does not close the chat.
   *
   * @param mount the chat, the path and the settings
   * @param deployment the application's deployment, not added to a container
   * @throws IllegalStateException if a chat is mounted whose path has the same fixed beginning
   */
  public static void mount(JakartaChat mount, DeploymentInfo deployment) {
    JakartaChat undertow = mount.withBinding(new UndertowBinding());
    String mapping = undertow.servletMapping();
    String name = "roomful " + mapping;
    if (deployment.getServlets().containsKey(name)) {
      throw new IllegalStateException(
          "A chat is already mounted at "
              + mapping
              + "; use a path that differs before the first parameter");
    }
    deployment.addServletContextAttribute(
        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
        webSocketDeployment(
            deployment.getServletContextAttributes().get(WebSocketDeploymentInfo.ATTRIBUTE_NAME)));
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
            if (undertow.closesOnDestroy()) {
              undertow.chat().close();
            }
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

  /** {@return a copy of the application's settings, or new settings, with a pool of buffers} */
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
   * Starts an embedded server that serves only the chat, with an I/O thread for each processor. A
   * client has 10 seconds to send its handshake. If the server does not start, the chat is closed.
   *
   * @param chat the chat
   * @param path the path to mount it at
   * @param host the address to listen on, such as {@code 127.0.0.1}
   * @param port the port, 0 for a free one
   * @return the running server
   * @throws Exception if the server does not start, an {@link IOException} if it cannot listen
   */
  public static UndertowChat start(Chat chat, String path, String host, int port) throws Exception {
    return start(chat, path, host, port, HANDSHAKE_TIMEOUT);
  }

  static UndertowChat start(
      Chat chat, String path, String host, int port, Duration handshakeTimeout) throws Exception {
    try {
      DeploymentInfo info =
          Servlets.deployment()
              .setClassLoader(UndertowChat.class.getClassLoader())
              .setContextPath("/")
              .setDeploymentName("roomful");
      mount(chat, info, path);
      DeploymentManager manager = Servlets.newContainer().addDeployment(info);
      manager.deploy();
      try {
        Undertow server =
            Undertow.builder()
                .addHttpListener(port, host)
                // On one processor Undertow's default is two threads, which interrupt each other.
                .setIoThreads(Runtime.getRuntime().availableProcessors())
                .setHandler(manager.start())
                .setServerOption(
                    UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) handshakeTimeout.toMillis())
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, SHUTDOWN_TIMEOUT_MILLIS)
                .build();
        listen(server, host, port);
        return new UndertowChat(server, manager, chat);
      } catch (Throwable failure) {
        manager.stop();
        manager.undeploy();
        throw failure;
      }
    } catch (Throwable failure) {
      chat.close();
      throw failure;
    }
  }

  private static void listen(Undertow server, String host, int port) throws IOException {
    try {
      server.start();
    } catch (RuntimeException failure) {
      if (failure.getCause() instanceof IOException cause) {
        throw new IOException("Cannot listen on " + host + ":" + port, cause);
      }
      throw failure;
    }
  }

  /** {@return the address of the embedded server, with scheme {@code http} and no path} */
  public URI uri() {
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    String host = address.getHostString();
    String literal = host.indexOf(':') < 0 ? host : "[" + host + "]"; // RFC 3986 section 3.2.2
    return URI.create("http://" + literal + ":" + address.getPort());
  }

  /**
   * Closes the chat within its {@link dev.roomful.Limits#drainTime} and {@link
   * dev.roomful.Limits#shutdownTimeout}, then stops the server. Has no effect after the first call.
   *
   * @throws IllegalStateException if Undertow fails to stop the deployment
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
      throw new IllegalStateException("Undertow failed to stop the deployment", failure);
    } finally {
      deployment.undeploy();
      server.stop();
    }
  }
}
