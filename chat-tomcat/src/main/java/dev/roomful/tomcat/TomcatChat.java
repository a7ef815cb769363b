package dev.roomful.tomcat;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jakarta.ServerBinding;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/**
 * Mounts a chat on Tomcat: on the context of an application that embeds Tomcat, in a war, or on an
 * embedded server with nothing but the chat.
 *
 * <pre>{@code
 * Tomcat tomcat = new Tomcat();
 * Context context = tomcat.addContext("", null);
 * TomcatChat.mount(Chat.of(new RoomHandler() {}), context, "/chat/{room}");
 * tomcat.getConnector();
 * tomcat.start();
 * }</pre>
 *
 * <p>In a war, a {@link jakarta.servlet.ServletContextListener} does it:
 *
 * <pre>{@code
 * TomcatChat.mount(Chat.of(new RoomHandler() {}), event.getServletContext(), "/chat/{room}");
 * }</pre>
 *
 * <p>Connections do not use Tomcat's WebSocket layer: they are upgraded to a handler of this
 * module, which writes batches to the socket. Its requests pass the application's filters, and its
 * callbacks run on the chat's {@linkplain dev.roomful.Chat.Builder#callbackExecutor executor}. If
 * the running version of Tomcat does not allow that, the log says so, and the chat uses the Jakarta
 * API.
 */
public final class TomcatChat implements AutoCloseable {
  /** Starts Tomcat's WebSocket layer in a context that does not have it. */
  private static final String WEBSOCKET_LISTENER =
      "org.apache.tomcat.websocket.server.WsContextListener";

  /** How many connections may wait to be accepted; the kernel may allow fewer. */
  private static final String ACCEPT_COUNT = "4096";

  private final Tomcat tomcat;
  private final Connector connector;
  private final String host;
  private final Path folder;
  private final Chat chat;
  private final AtomicBoolean closed = new AtomicBoolean();

  private TomcatChat(Tomcat tomcat, Connector connector, String host, Path folder, Chat chat) {
    this.tomcat = tomcat;
    this.connector = connector;
    this.host = host;
    this.folder = folder;
    this.chat = chat;
  }

  /**
   * Mounts a chat on a context that has not been started. The context's own filters run before it.
   * The chat is closed when the context or its server stops, before Tomcat closes its connections,
   * so that clients receive a close frame. Set the connector's {@code acceptCount} if many clients
   * may come at once, as after a restart: by default 100 connections may wait to be accepted.
   *
   * @param chat the chat
   * @param context the application's context
   * @param path a path below the context path, such as {@code /chat/{room}}; the authenticator
   *     reads its parameters
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if the context has been started
   */
  public static void mount(Chat chat, Context context, String path) {
    mount(JakartaChat.of(chat, path), context);
  }

  /**
   * Mounts a chat with further settings, such as subprotocols. The binding of the settings is
   * replaced by Tomcat's. With {@link JakartaChat#withCloseOnDestroy} set to false, the chat stays
   * open when its context or its server stops; the application closes it before that, or its
   * clients receive no close frame.
   *
   * @param mount the chat, the path and the settings
   * @param context the application's context
   * @throws IllegalStateException if the context has been started
   */
  public static void mount(JakartaChat mount, Context context) {
    if (context.getState() != LifecycleState.NEW) {
      throw new IllegalStateException(
          "context \""
              + context.getPath()
              + "\" is "
              + context.getState()
              + ": mount the chat before the context starts");
    }
    ServletContainerInitializer initializer = (classes, started) -> mount(mount, started);
    context.addServletContainerInitializer(initializer, Set.of());
    // Before Tomcat forgets the context: until the chat has closed, handshakes are answered by it.
    context.addLifecycleListener(
        event -> {
          if (event.getType().equals(Lifecycle.BEFORE_STOP_EVENT) && mount.closesOnDestroy()) {
            mount.chat().close();
          }
        });
    if (!List.of(context.findApplicationListeners()).contains(WEBSOCKET_LISTENER)) {
      context.addApplicationListener(WEBSOCKET_LISTENER);
    }
  }

  /**
   * Mounts a chat in a war, while its context starts: in a {@link
   * jakarta.servlet.ServletContextListener} or a {@link
   * jakarta.servlet.ServletContainerInitializer}. The chat is closed when the application stops.
   *
   * @param chat the chat
   * @param context the context that starts
   * @param path a path below the context path, such as {@code /chat/{room}}
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if the context has started, or the path is taken
   */
  public static void mount(Chat chat, ServletContext context, String path) {
    mount(JakartaChat.of(chat, path), context);
  }

  /**
   * Mounts a chat with further settings in a war. The binding of the settings is replaced by
   * Tomcat's.
   *
   * @param mount the chat, the path and the settings
   * @param context the context that starts
   * @throws IllegalStateException if the context has started, or the path is taken
   */
  public static void mount(JakartaChat mount, ServletContext context) {
    withTomcatBinding(mount).addTo(context);
  }

  /**
   * Returns a mount that writes in batches on Tomcat, for a servlet context that something else
   * configures, such as Spring Boot: it adds the {@link JakartaChat#servlet}, and closes the chat
   * before Tomcat stops. Otherwise use {@link #mount(JakartaChat, Context)}.
   *
   * @param mount the chat, the path and the settings
   * @return a changed copy
   */
  public static JakartaChat withTomcatBinding(JakartaChat mount) {
    return mount.withBinding(ofThisTomcat());
  }

  private static ServerBinding ofThisTomcat() {
    return TomcatBinding.choose(TomcatInternals.areAsExpected());
  }

  /**
   * Starts an embedded server with nothing but the chat, and with a folder for Tomcat's temporary
   * files, which {@link #close} deletes. The number of its connections is limited by the chat only.
   * Whatever fails, the server is stopped and the chat is closed.
   *
   * @param chat the chat
   * @param path the path to mount it at
   * @param host the address to listen on, such as {@code 127.0.0.1}
   * @param port the port, 0 for a free one
   * @return the running server
   * @throws IOException if the port is in use, or there is no place for temporary files
   * @throws IllegalArgumentException if the path cannot be mounted
   * @throws IllegalStateException if Tomcat does not start for another reason
   */
  public static TomcatChat start(Chat chat, String path, String host, int port) throws IOException {
    Path folder = Files.createTempDirectory("roomful-tomcat");
    Tomcat tomcat = new Tomcat();
    Connector connector = new Connector();
    TomcatChat server = new TomcatChat(tomcat, connector, host, folder, chat);
    try {
      tomcat.setBaseDir(folder.toString());
      connector.setPort(port);
      connector.setProperty("address", Objects.requireNonNull(host, "host"));
      connector.setProperty("maxConnections", "-1");
      connector.setProperty("acceptCount", ACCEPT_COUNT);
      connector.setThrowOnFailure(true);
      tomcat.setConnector(connector);
      Context context = tomcat.addContext("", null);
      if (context instanceof StandardContext standard) {
        // There is no class loader of a war, whose references Tomcat would look for at the end.
        standard.setClearReferencesRmiTargets(false);
        standard.setClearReferencesThreadLocals(false);
      }
      mount(chat, context, path);
      tomcat.start();
      return server;
    } catch (LifecycleException failure) {
      server.closeAfter(failure);
      throw asIoException(failure);
    } catch (RuntimeException | Error failure) {
      server.closeAfter(failure);
      throw failure;
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
  }

  private static IOException asIoException(LifecycleException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException inUse) {
        return inUse;
      }
    }
    throw new IllegalStateException("Tomcat did not start", failure);
  }

  /** {@return the address of the embedded server, with scheme {@code http} and no path} */
  public URI uri() {
    String literal = host.indexOf(':') < 0 ? host : "[" + host + "]"; // RFC 3986 section 3.2.2
    return URI.create("http://" + literal + ":" + connector.getLocalPort());
  }

  /**
   * Closes the chat within its shutdown timeout, then stops the server. Has no effect after the
   * first call.
   *
   * @throws IllegalStateException if Tomcat fails to stop
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    chat.close();
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException failure) {
      throw new IllegalStateException("Tomcat did not stop", failure);
    } finally {
      deleteFolder();
    }
  }

  private void deleteFolder() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot delete Tomcat's folder " + folder, failure);
    }
  }
}
