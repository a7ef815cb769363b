package dev.roomful.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.roomful.testkit.WireClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.JsonNode;

/** A client of the protocol in JSON, which reads its frames line by line. */
final class RoomsClient implements AutoCloseable {
  /** The key of a client without its name, which other clients must not learn. */
  static final String KEY = "a key that nobody else has, of ";

  /** Longer than the lease of a node that is lost. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final WireClient wire;
  private final Deque<JsonNode> unread = new ArrayDeque<>();
  private int lastId;

  private RoomsClient(WireClient wire) {
    this.wire = wire;
  }

  /** Connects without the command of the protocol. */
  static RoomsClient open(RunningExample chat) throws IOException {
    return new RoomsClient(chat.connect("/connection/websocket"));
  }

  static RoomsClient connect(RunningExample chat, String name) throws IOException {
    return connect(chat.uri("/"), name);
  }

  /** Connects to the server of this address. */
  static RoomsClient connect(URI address, String name) throws IOException {
    URI uri = URI.create("ws://" + address.getAuthority() + "/connection/websocket");
    RoomsClient client = new RoomsClient(WireClient.request(uri).timeout(TIMEOUT).connect());
    String data = "{\"name\":\"%s\",\"key\":\"%s%s\"}".formatted(name, KEY, name);
    assertFalse(client.request("\"connect\":{\"data\":" + data + "}").has("error"));
    return client;
  }

  static RoomsClient join(RunningExample chat, String name, String room) throws IOException {
    return join(chat.uri("/"), name, room);
  }

  static RoomsClient join(URI address, String name, String room) throws IOException {
    RoomsClient client = connect(address, name);
    client.subscribe(room);
    return client;
  }

  JsonNode subscribe(String room) {
    return request("\"subscribe\":{\"channel\":\"" + room + "\"}").path("subscribe");
  }

  JsonNode publish(String room, String data) {
    return request("\"publish\":{\"channel\":\"" + room + "\",\"data\":" + data + "}");
  }

  /** {@return the result of a call, or its error} */
  JsonNode call(String method, String data) {
    JsonNode reply = request("\"rpc\":{\"method\":\"" + method + "\",\"data\":" + data + "}");
    return reply.has("error") ? reply.path("error") : reply.path("rpc").path("data");
  }

  /** {@return the reply; pushes before it are read later} */
  JsonNode request(String command) {
    int id = ++lastId;
    wire.text("{\"id\":" + id + "," + command + "}");
    Deque<JsonNode> pushes = new ArrayDeque<>();
    JsonNode line = nextLine();
    while (line.path("id").asInt(0) != id) {
      pushes.add(line);
      line = nextLine();
    }
    unread.addAll(pushes);
    return line;
  }

  /** {@return the data of the next publication that is not a notice about a role} */
  JsonNode nextPublicationData() {
    JsonNode data = nextPush().path("pub").path("data");
    while (data.path("notice").asString("").equals("role")) {
      data = nextPush().path("pub").path("data");
    }
    return data;
  }

  /** {@return the client of the next join or leave of a participant with this name} */
  JsonNode awaitPush(String kind, String name) {
    JsonNode info = nextPush().path(kind).path("info");
    while (!info.at("/conn_info/name").asString("").equals(name)) {
      info = nextPush().path(kind).path("info");
    }
    return info;
  }

  JsonNode nextPush() {
    return nextLine().path("push");
  }

  private JsonNode nextLine() {
    if (unread.isEmpty()) {
      wire.nextText().lines().map(JsonPayloads::parse).forEach(unread::add);
    }
    return unread.remove();
  }

  /** {@return the id of its participant} */
  String userId() {
    return call("rooms", "{}").path("you").path("user").asString();
  }

  /** {@return its connection, for frames that are no requests} */
  WireClient wire() {
    return wire;
  }

  /** Loses the connection without a close frame. */
  void vanish() {
    wire.vanish();
  }

  /** Leaves at once: a client that is lost would leave later. */
  @Override
  public void close() {
    wire.close(1000, "");
    wire.awaitClose();
    wire.close();
  }
}
