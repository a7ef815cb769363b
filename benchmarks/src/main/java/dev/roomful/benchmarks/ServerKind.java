package dev.roomful.benchmarks;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.Entry;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.jetty.JettyChat;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/**
 * The servers that are compared. All answer a client's text to itself, and tell it to everyone else
 * in its room with the client's id before it.
 */
enum ServerKind {
  /** This library on Jetty. */
  ROOMFUL_JETTY {
    @Override
    int start() throws Exception {
      return JettyChat.start(chat(), LoopEndpoint.PATH, HOST, 0).uri().getPort();
    }
  },

  /** This library on Undertow. */
  ROOMFUL_UNDERTOW {
    @Override
    int start() throws Exception {
      return UndertowChat.start(chat(), LoopEndpoint.PATH, HOST, 0).uri().getPort();
    }
  },

  /** A loop over sessions on Jetty. */
  LOOP_JETTY {
    @Override
    int start() throws Exception {
      Server server = new Server();
      ServerConnector connector = new ServerConnector(server);
      connector.setHost(HOST);
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler("/");
      server.setHandler(context);
      JakartaWebSocketServletContainerInitializer.configure(
          context, (servlets, container) -> container.addEndpoint(LoopEndpoint.class));
      server.start();
      return connector.getLocalPort();
    }
  },

  /** A loop over sessions on Undertow. */
  LOOP_UNDERTOW {
    @Override
    int start() throws Exception {
      WebSocketDeploymentInfo webSockets =
          new WebSocketDeploymentInfo()
              .setBuffers(new DefaultByteBufferPool(true, 16 * 1024))
              .addEndpoint(LoopEndpoint.class);
      DeploymentInfo info =
          Servlets.deployment()
              .setClassLoader(ServerKind.class.getClassLoader())
              .setContextPath("/")
              .setDeploymentName("loop")
              .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets);
      DeploymentManager manager = Servlets.newContainer().addDeployment(info);
      manager.deploy();
      Undertow server =
          Undertow.builder().addHttpListener(0, HOST).setHandler(manager.start()).build();
      server.start();
      return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }
  },

  /** Tyrus's own broadcast, which knows no rooms. */
  TYRUS_BROADCAST {
    @Override
    int start() throws Exception {
      TyrusServerContainer server =
          (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());
      server.addEndpoint(TyrusEndpoint.class);
      ((ServerContainer) server).start("/", 0);
      return server.getPort();
    }
  };

  private static final String HOST = "127.0.0.1";

  /** Starts it in this process, for as long as that lives. */
  abstract int start() throws Exception;

  boolean hasRooms() {
    return this != TYRUS_BROADCAST;
  }

  boolean isOurs() {
    return this == ROOMFUL_JETTY || this == ROOMFUL_UNDERTOW;
  }

  private static Chat chat() {
    return Chat.builder(new Says())
        .nonBlocking()
        .limits(Limits.defaults().rate(0, 0))
        .rooms(RoomOptions.defaults().policy(BroadcastPolicy.excludingSender()))
        .doorman(
            handshake ->
                Entry.of(
                    handshake.path("id").orElseThrow(), handshake.query("room").orElse("lobby")))
        .build();
  }

  private static final class Says implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      message.reply("You wrote: " + message.text());
      room.broadcast(message.with("Client #" + message.sender().id() + " says: " + message.text()));
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
