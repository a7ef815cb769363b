package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.testkit.WireClient;
import dev.roomful.undertow.UndertowChat;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import java.net.InetSocketAddress;
import java.net.URI;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** The protocol over real sockets, beside plain text on another path of the same server. */
class WireTest {
  private static final String PATH = "/connection/websocket";

  private static JakartaChat mount(Chat chat) {
    return JakartaChat.of(chat, PATH)
        .gateway(Centrifuge.on(chat))
        .subprotocols(Centrifuge.subprotocols());
  }

  @Test
  void onJetty() throws Exception {
    Chat chat = Chat.of(new RoomHandler() {});
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    server.setHandler(context);
    JettyChat.mount(chat, context, "/chat/{room}");
    JettyChat.mount(mount(chat), context);
    server.start();
    try {
      talk(chat, URI.create("ws://127.0.0.1:" + connector.getLocalPort()));
    } finally {
      server.stop();
    }
  }

  @Test
  void onUndertow() throws Exception {
    Chat chat = Chat.of(new RoomHandler() {});
    DeploymentInfo app =
        Servlets.deployment()
            .setDeploymentName("app")
            .setContextPath("/")
            .setClassLoader(WireTest.class.getClassLoader());
    UndertowChat.mount(chat, app, "/chat/{room}");
    UndertowChat.mount(mount(chat), app);
    DeploymentManager manager = Servlets.newContainer().addDeployment(app);
    manager.deploy();
    Undertow server =
        Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(manager.start()).build();
    server.start();
    try {
      InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      talk(chat, URI.create("ws://127.0.0.1:" + address.getPort()));
    } finally {
      manager.stop();
      manager.undeploy();
      server.stop();
    }
  }

  private static void talk(Chat chat, URI server) throws Exception {
    try (WireClient json = WireClient.connect(server.resolve(PATH));
        WireClient proto =
            WireClient.dial(server.resolve(PATH)).subprotocols("centrifuge-protobuf").connect();
        WireClient plain = WireClient.connect(server.resolve("/chat/lobby"))) {
      assertEquals("centrifuge-protobuf", proto.subprotocol());
      json.text("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
      assertTrue(json.nextText().startsWith("{\"id\":1,\"connect\":{\"client\":"));
      assertTrue(json.nextText().startsWith("{\"id\":2,\"subscribe\":{"));
      proto.binary(ProtobufFrames.connect(1));
      proto.binary(ProtobufFrames.subscribe(2, "lobby"));
      proto.next();
      proto.next();

      json.text("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":{\"hi\":1}}}");
      assertEquals("{\"hi\":1}", plain.nextText());
      String heard = json.nextText();
      assertTrue(heard.contains("\"pub\":{\"data\":{\"hi\":1},"), heard);
      assertEquals("{\"id\":3,\"publish\":{}}", json.nextText());
      assertTrue(proto.next().toString().length() > 0);

      plain.text("hello");
      assertEquals("hello", plain.nextText());
      assertTrue(json.nextText().contains("\"pub\":{\"data\":\"hello\","));

      Thread closing = new Thread(chat::close); // waits for the clients, which are read here
      closing.start();
      assertEquals(3001, json.awaitClose().code());
      assertEquals(3001, proto.awaitClose().code());
      assertEquals(1012, plain.awaitClose().code());
      closing.join();
    }
  }
}
