package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.testkit.WireClient;
import dev.roomful.testsupport.Await;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol over real sockets, beside plain text on another path of the same server. */
class CentrifugeWireTest {
  private static final String PATH = "/connection/websocket";

  private static JakartaChat mount(Chat chat) {
    return JakartaChat.of(chat, PATH).withGateway(Centrifuge.on(chat));
  }

  @ParameterizedTest
  @EnumSource
  void jsonProtobufAndPlainTextClientsShareARoom(ContainerServer.Kind kind) throws Exception {
    Chat chat = Chat.of(new RoomHandler() {});
    try (ContainerServer containerServer =
        ContainerServer.start(kind, List.of(JakartaChat.of(chat, "/chat/{room}"), mount(chat)))) {
      exchangeMessages(chat, containerServer.uri());
    }
  }

  private static void exchangeMessages(Chat chat, URI server) throws Exception {
    try (WireClient json = WireClient.connect(server.resolve(PATH));
        WireClient proto =
            WireClient.request(server.resolve(PATH)).subprotocols("centrifuge-protobuf").connect();
        WireClient plain = WireClient.connect(server.resolve("/chat/lobby"))) {
      assertEquals("centrifuge-protobuf", proto.subprotocol());
      json.text("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
      assertTrue(json.nextText().startsWith("{\"id\":1,\"connect\":{\"client\":"));
      assertTrue(json.nextText().startsWith("{\"id\":2,\"subscribe\":{"));
      proto.binary(ProtobufFrames.connect(1));
      proto.binary(ProtobufFrames.subscribe(2, "lobby"));
      proto.next();
      proto.next();
      // A plain text client joins on another thread, after its handshake.
      Await.until("all are here", () -> chat.room("lobby").orElseThrow().size() == 3);

      json.text("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":{\"hi\":1}}}");
      assertEquals("{\"hi\":1}", plain.nextText());
      String received = json.nextText();
      assertTrue(received.contains("\"pub\":{\"data\":{\"hi\":1},"), received);
      assertEquals("{\"id\":3,\"publish\":{}}", json.nextText());
      assertTrue(proto.next().toString().length() > 0);

      plain.text("hello");
      assertEquals("hello", plain.nextText());
      assertTrue(json.nextText().contains("\"pub\":{\"data\":\"hello\","));

      Thread closing = new Thread(chat::close); // waits until the clients have read the close
      closing.start();
      assertEquals(3001, json.awaitClose().code());
      assertEquals(3001, proto.awaitClose().code());
      assertEquals(1012, plain.awaitClose().code());
      closing.join();
    }
  }

  /** The number of lines in a frame depends on the load of the connection. */
  @ParameterizedTest
  @EnumSource
  void aClientThatSendsItsNameReceivesManyRepliesInFewFrames(ContainerServer.Kind kind)
      throws Exception {
    Chat chat = Chat.of(new RoomHandler() {});
    try (ContainerServer containerServer = ContainerServer.start(kind, List.of(mount(chat)));
        WireClient sdk = WireClient.connect(containerServer.uri().resolve(PATH))) {
      sdk.text(
          "{\"id\":1,\"connect\":{\"name\":\"js\"}}\n"
              + "{\"id\":2,\"subscribe\":{\"channel\":\"lobby\"}}");
      List<String> lines = new ArrayList<>();
      while (lines.size() < 2) {
        lines.addAll(sdk.nextText().lines().toList());
      }
      lines.clear();
      sdk.text(
          IntStream.range(100, 200)
              .mapToObj("{\"id\":%d,\"presence_stats\":{\"channel\":\"lobby\"}}"::formatted)
              .collect(Collectors.joining("\n")));
      int frames = 0;
      for (; lines.size() < 100; frames++) {
        lines.addAll(sdk.nextText().lines().toList());
      }
      for (int i = 0; i < 100; i++) {
        assertTrue(
            lines.get(i).startsWith("{\"id\":" + (100 + i) + ",\"presence_stats\":{"),
            lines.get(i));
      }
      assertTrue(frames < 100, "each reply came in a frame of its own");
    }
  }
}
