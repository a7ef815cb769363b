package dev.roomful.conformance;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.tomcat.TomcatChat;
import dev.roomful.undertow.UndertowChat;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;

/** A chat on one of the servers, which sends each message back to its sender. */
record EchoServer(String name, int port, AutoCloseable stop) {
  static final String PATH = "/echo";
  private static final String HOST = "127.0.0.1";

  static EchoServer jetty() throws Exception {
    JettyChat server = JettyChat.start(chat(), PATH, HOST, 0);
    return new EchoServer("Jetty", server.uri().getPort(), server);
  }

  static EchoServer undertow() throws Exception {
    UndertowChat server = UndertowChat.start(chat(), PATH, HOST, 0);
    return new EchoServer("Undertow", server.uri().getPort(), server);
  }

  static EchoServer tomcat() throws Exception {
    TomcatChat server = TomcatChat.start(chat(), PATH, HOST, 0);
    return new EchoServer("Tomcat", server.uri().getPort(), server);
  }

  /** Tomcat's own WebSocket container. */
  static EchoServer jakartaOnTomcat() throws Exception {
    Chat chat = chat();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("conformance").toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", HOST);
    Context context = tomcat.addContext("", null);
    context.addServletContainerInitializer(new WsSci(), Set.of());
    JakartaChat mount = JakartaChat.of(chat, PATH);
    Tomcat.addServlet(context, "chat", mount.servlet()).addMapping(mount.servletMapping());
    tomcat.start();
    return new EchoServer(
        "Jakarta on Tomcat",
        tomcat.getConnector().getLocalPort(),
        () -> {
          chat.close();
          tomcat.stop();
          tomcat.destroy();
        });
  }

  static EchoServer jakartaOnTyrus() throws Exception {
    Chat chat = chat();
    TyrusServerContainer server =
        (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());
    server.addEndpoint(JakartaChat.of(chat, PATH).endpoint((response, rejection) -> {}));
    ((ServerContainer) server).start("/", 0);
    return new EchoServer(
        "Jakarta on Tyrus",
        server.getPort(),
        () -> {
          chat.close();
          server.stop();
        });
  }

  private static Chat chat() {
    AtomicInteger clients = new AtomicInteger();
    RoomHandler echo =
        new RoomHandler() {
          @Override
          public void onMessage(Room room, Message message) {
            message.reply(message.payload());
          }
        };
    return Chat.builder(echo)
        .authenticator(
            handshake -> {
              String id = "client-" + clients.incrementAndGet();
              return AcceptedAdmission.of(id, id);
            })
        .build();
  }

  String address() {
    return "ws://" + HOST + ":" + port + PATH;
  }
}
