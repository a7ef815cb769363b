package dev.roomful.benchmarks;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.tomcat.TomcatChat;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/**
 * The servers that are compared. Each replies to a message, and delivers it to the other members of
 * the room together with the sender's id.
 */
enum ServerKind {
  /** This library on Jetty. */
  ROOMFUL_JETTY {
    @Override
    int start(int port) throws Exception {
      return JettyChat.start(BenchmarkProtocol.TEXT.chat(null), LoopEndpoint.PATH, HOST, port)
          .uri()
          .getPort();
    }
  },

  /** This library on Undertow. */
  ROOMFUL_UNDERTOW {
    @Override
    int start(int port) throws Exception {
      return UndertowChat.start(BenchmarkProtocol.TEXT.chat(null), LoopEndpoint.PATH, HOST, port)
          .uri()
          .getPort();
    }
  },

  /** This library on Jetty, with metrics. */
  METERED_JETTY {
    @Override
    int start(int port) throws Exception {
      return JettyChat.start(BenchmarkProtocol.TEXT.meteredChat(), LoopEndpoint.PATH, HOST, port)
          .uri()
          .getPort();
    }
  },

  /** This library on Undertow, with metrics. */
  METERED_UNDERTOW {
    @Override
    int start(int port) throws Exception {
      return UndertowChat.start(BenchmarkProtocol.TEXT.meteredChat(), LoopEndpoint.PATH, HOST, port)
          .uri()
          .getPort();
    }
  },

  /** This library on Tomcat. */
  ROOMFUL_TOMCAT {
    @Override
    int start(int port) throws Exception {
      return TomcatChat.start(BenchmarkProtocol.TEXT.chat(null), LoopEndpoint.PATH, HOST, port)
          .uri()
          .getPort();
    }
  },

  /** This library on Jetty, for clients with the Centrifuge protocol in JSON. */
  CENTRIFUGE_JETTY {
    @Override
    int start(int port) throws Exception {
      return jetty(port, context -> JettyChat.mount(centrifugeChat(), context));
    }
  },

  /** This library on Undertow, for clients with the Centrifuge protocol in JSON. */
  CENTRIFUGE_UNDERTOW {
    @Override
    int start(int port) throws Exception {
      return undertow(port, deployment -> UndertowChat.mount(centrifugeChat(), deployment));
    }
  },

  /** This library on Tomcat, for clients with the Centrifuge protocol in JSON. */
  CENTRIFUGE_TOMCAT {
    @Override
    int start(int port) throws Exception {
      return tomcat(port, context -> TomcatChat.mount(centrifugeChat(), context));
    }
  },

  /** A loop over sessions on Jetty. */
  LOOP_JETTY {
    @Override
    int start(int port) throws Exception {
      return jetty(port, LoopEndpoint.class);
    }
  },

  /** An endpoint on Jetty that returns each message to its sender. */
  ECHO_JETTY {
    @Override
    int start(int port) throws Exception {
      return jetty(port, EchoEndpoint.class);
    }
  },

  /** A loop over sessions on Undertow. */
  LOOP_UNDERTOW {
    @Override
    int start(int port) throws Exception {
      return undertow(port, LoopEndpoint.class);
    }
  },

  /** An endpoint on Undertow that returns each message to its sender. */
  ECHO_UNDERTOW {
    @Override
    int start(int port) throws Exception {
      return undertow(port, EchoEndpoint.class);
    }
  },

  /** A loop over sessions on Tomcat. */
  LOOP_TOMCAT {
    @Override
    int start(int port) throws Exception {
      return tomcat(port, tomcat -> endpoint(tomcat, BlockingLoopEndpoint.class));
    }
  },

  /** An endpoint on Tomcat that returns each message to its sender. */
  ECHO_TOMCAT {
    @Override
    int start(int port) throws Exception {
      return tomcat(port, tomcat -> endpoint(tomcat, EchoEndpoint.class));
    }
  },

  /** One thread that writes to each member, without a server: what a JVM costs at least. */
  SELECTOR_LOOP {
    @Override
    int start(int port) throws Exception {
      return SelectorLoop.start(HOST, port);
    }
  },

  /** Tyrus's own broadcast, which has no rooms. */
  TYRUS_BROADCAST {
    @Override
    int start(int port) throws Exception {
      TyrusServerContainer server =
          (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());
      server.addEndpoint(TyrusEndpoint.class);
      ((ServerContainer) server).start("/", port);
      return server.getPort();
    }
  };

  private static final String HOST = "127.0.0.1";

  /**
   * Starts the server in this process. It runs until the process ends.
   *
   * @param port the port, 0 for a free one
   * @return the port on which it listens
   */
  abstract int start(int port) throws Exception;

  boolean hasRooms() {
    return this != TYRUS_BROADCAST;
  }

  boolean isRoomful() {
    return this == ROOMFUL_JETTY
        || this == ROOMFUL_UNDERTOW
        || this == ROOMFUL_TOMCAT
        || isMetered()
        || protocol() != BenchmarkProtocol.TEXT;
  }

  private boolean isEcho() {
    return this == ECHO_JETTY || this == ECHO_UNDERTOW || this == ECHO_TOMCAT;
  }

  private boolean isMetered() {
    return this == METERED_JETTY || this == METERED_UNDERTOW;
  }

  /** {@return the protocol of its clients} */
  BenchmarkProtocol protocol() {
    return this == CENTRIFUGE_JETTY || this == CENTRIFUGE_UNDERTOW || this == CENTRIFUGE_TOMCAT
        ? BenchmarkProtocol.CENTRIFUGE
        : BenchmarkProtocol.TEXT;
  }

  /** {@return the servers that are compared by default, whose clients use plain text} */
  static List<ServerKind> plainText() {
    return Arrays.stream(values())
        .filter(kind -> kind.protocol() == BenchmarkProtocol.TEXT)
        .filter(kind -> !kind.isMetered() && !kind.isEcho() && kind != SELECTOR_LOOP)
        .toList();
  }

  private static int jetty(int port, Consumer<ServletContextHandler> configure) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(HOST);
    connector.setPort(port);
    connector.setAcceptQueueSize(4096); // as JettyChat.start; by default 50
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    configure.accept(context);
    server.start();
    return connector.getLocalPort();
  }

  private static int undertow(int port, Consumer<DeploymentInfo> configure) throws Exception {
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(ServerKind.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("benchmark");
    configure.accept(info);
    DeploymentManager manager = Servlets.newContainer().addDeployment(info);
    manager.deploy();
    Undertow server =
        Undertow.builder().addHttpListener(port, HOST).setHandler(manager.start()).build();
    server.start();
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  private static int jetty(int port, Class<?> endpoint) throws Exception {
    return jetty(
        port,
        context ->
            JakartaWebSocketServletContainerInitializer.configure(
                context, (servlets, container) -> container.addEndpoint(endpoint)));
  }

  private static int undertow(int port, Class<?> endpoint) throws Exception {
    WebSocketDeploymentInfo webSockets =
        new WebSocketDeploymentInfo()
            .setBuffers(new DefaultByteBufferPool(true, 16 * 1024))
            .addEndpoint(endpoint);
    return undertow(
        port,
        deployment ->
            deployment.addServletContextAttribute(
                WebSocketDeploymentInfo.ATTRIBUTE_NAME, webSockets));
  }

  private static int tomcat(int port, Consumer<Context> configure) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("benchmark-tomcat").toString());
    Connector connector = new Connector();
    connector.setPort(port);
    connector.setProperty("address", HOST);
    connector.setProperty("maxConnections", "-1");
    connector.setProperty("acceptCount", "4096"); // as TomcatChat.start; by default 100
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    configure.accept(context);
    tomcat.start();
    return connector.getLocalPort();
  }

  private static void endpoint(Context context, Class<?> endpoint) {
    context.addServletContainerInitializer(new WsSci(), Set.of(endpoint));
    Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
  }

  private static JakartaChat centrifugeChat() {
    Chat chat = BenchmarkProtocol.CENTRIFUGE.chat(null);
    BenchmarkProtocol.storeMessages(chat);
    return JakartaChat.of(chat, LoopEndpoint.PATH)
        .withGateway(BenchmarkProtocol.CENTRIFUGE.gateway(chat));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
