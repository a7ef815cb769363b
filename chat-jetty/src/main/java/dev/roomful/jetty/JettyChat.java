package dev.roomful.jetty;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Mounts a chat on Jetty: on the application's own server, beside its other servlets, or on an
 * embedded server.
 *
 * <pre>{@code
 * Server server = new Server(8080);
 * ServletContextHandler context = new ServletContextHandler("/");
 * server.setHandler(context);
 * JettyChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
 * server.start();
 * }</pre>
 *
 * <p>The chat needs none of Jetty's WebSocket modules. An application that has endpoints of its own
 * beside the chat configures such a module for them.
 *
 * <p>On a server with HTTP/2, clients may also open the socket as a stream (RFC 8441), as browsers
 * do there.
 */
public final class JettyChat implements AutoCloseable {
  private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(10);

  /**
   * Java's default is 50. If more clients connect at once, the kernel drops their requests, which
   * they repeat after 1, 3, 7 and more seconds. The kernel has a limit of its own.
   */
  private static final int ACCEPT_QUEUE = 4096;

  private final Server server;
  private final ServerConnector connector;
  private final Chat chat;

  private JettyChat(Server server, ServerConnector connector, Chat chat) {
    this.server = server;
    this.connector = connector;
    this.chat = chat;
  }

  /**
   * Mounts a chat on a context that has not been started. The context's own filters run before it.
   * The chat is closed when the context or its server stops, also by {@link
   * Server#setStopAtShutdown}, and before the server closes its connections, so that clients are
   * drained ({@link dev.roomful.Limits#withDrainTime}) and receive a close frame. Set {@link
   * ServerConnector#setAcceptQueueSize} if many clients may come at once, as after a restart: by
   * default 50 connections may wait to be accepted.
   *
   * @param chat the chat
   * @param context the application's context
   * @param path a path below the context path, such as {@code /chat/{room}}; the authenticator
   *     reads its parameters
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if the context has been started
   */
  public static void mount(Chat chat, ServletContextHandler context, String path) {
    mount(JakartaChat.of(chat, path), context);
  }

  /**
   * Mounts a chat with further settings, such as subprotocols. The binding of the settings is
   * replaced by Jetty's. With {@link JakartaChat#withCloseOnDestroy} set to false, the chat stays
   * open when its context or its server stops; the application closes it before that, or its
   * clients receive no close frame.
   *
   * @param mount the chat, the path and the settings
   * @param context the application's context
   * @throws IllegalStateException if the context has been started
   */
  public static void mount(JakartaChat mount, ServletContextHandler context) {
    if (!context.isStopped()) {
      throw new IllegalStateException(
          "context "
              + context.getContextPath()
              + " is "
              + context.getState()
              + ": mount the chat before the context starts");
    }
    JakartaChat jetty = withJettyBinding(mount);
    context.addServlet(new ServletHolder(jetty.servlet()), jetty.servletMapping());
    context.addEventListener(new CloseOnStop(jetty, context));
  }

  /**
   * Returns a mount that writes in batches on Jetty, for a servlet context that something else
   * configures, such as Spring Boot: it adds the {@link JakartaChat#servlet}, and it closes the
   * chat before the server stops. Otherwise use {@link #mount(JakartaChat, ServletContextHandler)}.
   *
   * @param mount the chat, the path and the settings
   * @return a changed copy
   */
  public static JakartaChat withJettyBinding(JakartaChat mount) {
    return mount.withBinding(new JettyBinding());
  }

  /**
   * Closes the chat before its context or its server stops, unless the mount says otherwise. A
   * server stops its connectors first, which closes every connection without a close frame.
   */
  private record CloseOnStop(JakartaChat mount, ServletContextHandler context)
      implements LifeCycle.Listener {
    @Override
    public void lifeCycleStarting(LifeCycle starting) {
      Server server = context.getServer();
      if (server == null) {
        throw new IllegalStateException(
            "context "
                + context.getContextPath()
                + " has no server: call server.setHandler(context) and start the server");
      }
      server.addEventListener(this);
    }

    @Override
    public void lifeCycleStopping(LifeCycle stopping) {
      if (mount.closesOnDestroy()) {
        mount.chat().close();
      }
    }

    @Override
    public void lifeCycleStopped(LifeCycle stopped) {
      Server server = context.getServer();
      if (server != null) {
        server.removeEventListener(this);
      }
    }
  }

  /**
   * Limits the time in which the first request of an HTTP/1 connection must arrive, from its first
   * byte to the end of its headers. Jetty has no such limit: its idle timeout starts again with
   * every byte. A connection of HTTP/2 must have opened a stream by then.
   *
   * @param connector a connector of the application's server, before it is started
   * @param limit the time after which an incomplete handshake is closed, such as 10 seconds
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static void limitHandshakeTime(Connector connector, Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("limit is " + limit + ": choose a positive duration");
    }
    connector.addEventListener(new RequestTimeout(connector, limit));
  }

  /**
   * Starts an embedded server with nothing but the chat. A client has 10 seconds to send its
   * handshake, and 4,096 connections may wait to be accepted. Whatever fails, the server is stopped
   * and the chat is closed.
   *
   * @param chat the chat
   * @param path the path to mount it at
   * @param host the address to listen on, such as {@code 127.0.0.1}
   * @param port the port, 0 for a free one
   * @return the running server
   * @throws Exception if the server does not start, an {@link java.io.IOException} if the port is
   *     in use
   */
  public static JettyChat start(Chat chat, String path, String host, int port) throws Exception {
    Server server = new Server();
    try {
      ServerConnector connector = new ServerConnector(server);
      connector.setHost(Objects.requireNonNull(host, "host"));
      connector.setPort(port);
      connector.setAcceptQueueSize(ACCEPT_QUEUE);
      limitHandshakeTime(connector, HANDSHAKE_TIME);
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler("/");
      server.setHandler(context);
      mount(chat, context, path);
      server.start();
      return new JettyChat(server, connector, chat);
    } catch (Throwable failure) {
      try (chat) {
        server.stop();
      } catch (Exception second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** {@return the address of the embedded server, with scheme {@code http} and no path} */
  public URI uri() {
    String host = connector.getHost();
    String literal = host.indexOf(':') < 0 ? host : "[" + host + "]"; // RFC 3986 section 3.2.2
    return URI.create("http://" + literal + ":" + connector.getLocalPort());
  }

  /**
   * Closes the chat within its drain time and its shutdown timeout, then stops the server.
   *
   * @throws IllegalStateException if Jetty fails to stop
   */
  @Override
  public void close() {
    chat.close();
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("Jetty did not stop", failure);
    }
  }
}
